using System.Text.Json;
using Faultline.Elf.Headers;
using Faultline.Explain.Findings;
using Faultline.Explain.Output;

namespace Faultline.Explain.Images.Objects;

/// <summary>Prints what becomes of a purgatory.</summary>
internal static class PurgatoryText
{
    /// <summary>Prints it for a terminal: where everything is, every relocation that does not fit, findings, and the verdict.</summary>
    public static void Write(TextWriter writer, PurgatoryLoad load, IReadOnlyList<Finding> findings)
    {
        writer.WriteLine($"{Printable.Clean(load.File)}: {Describe(load.CodeModel)}");
        foreach (string reason in load.CodeModel.Reasons)
            TextWrap.Write(writer, reason, FindingText.Width, "  ", "    ");
        writer.WriteLine($"at 0x{load.Address:x}, 0x{load.Size:x} bytes, aligned to 0x{load.Alignment:x}; the kernel would start it at 0x{load.Start:x}"
            + (load.EntrySection is { } entry ? $" ({Printable.Clean(entry.Name)}+0x{load.EntryOffset:x})" : ""));
        foreach (PlacedSection section in load.Sections)
            writer.WriteLine($"  {section.Address:x16} {section.Size,8:x} {SectionFlagLetters.Of(section.Flags),-5} {Printable.Clean(section.Name)}");
        writer.WriteLine($"{load.RelocationCount} relocations: {string.Join(", ", load.RelocationTypes.Select(type => $"{type.Count} {type.Type}"))}");
        if (load.HighestAddress is { } highest)
            writer.WriteLine($"  the 32-bit ones fit up to 0x{highest:x}");
        foreach (CheckedRelocation fault in load.Faults)
            writer.WriteLine($"  {Verdict(fault.Verdict),-10} {Printable.Clean(fault.Section)}+0x{fault.Offset:x}: {fault.TypeName} {Printable.Clean(fault.Target)} = 0x{fault.Value:x}");
        if (load.HasMoreFaults)
            writer.WriteLine("  and more");
        foreach (string message in load.KernelMessages)
            writer.WriteLine($"the kernel would print: {Printable.Clean(message)}");
        writer.WriteLine();
        FindingText.Write(writer, findings);
        if (findings.Count > 0)
            writer.WriteLine();
        writer.WriteLine(load.KernelError is { } error ? $"kexec_file_load would fail with {error}" : findings.Count == 0 ? "it would load" : "it would load, with the above");
    }

    /// <summary>Writes it as one JSON object; addresses are strings with 0x.</summary>
    public static void WriteJson(Utf8JsonWriter writer, PurgatoryLoad load, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartObject();
        writer.WriteString("file", load.File);
        WriteCodeModel(writer, load.CodeModel);
        writer.WriteString("address", $"0x{load.Address:x}");
        writer.WriteString("size", $"0x{load.Size:x}");
        writer.WriteString("alignment", $"0x{load.Alignment:x}");
        writer.WriteString("start", $"0x{load.Start:x}");
        writer.WriteStartArray("sections");
        foreach (PlacedSection section in load.Sections)
        {
            writer.WriteStartObject();
            writer.WriteString("name", section.Name);
            writer.WriteString("address", $"0x{section.Address:x}");
            writer.WriteString("size", $"0x{section.Size:x}");
            writer.WriteString("flags", SectionFlagLetters.Of(section.Flags));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("relocations", load.RelocationCount);
        WriteRelocations(writer, "faults", load.Faults);
        writer.WriteStartArray("kernelMessages");
        foreach (string message in load.KernelMessages)
            writer.WriteStringValue(message);
        writer.WriteEndArray();
        writer.WriteString("kernelError", load.KernelError);
        writer.WritePropertyName("findings");
        FindingJson.Write(writer, findings);
        writer.WriteEndObject();
    }

    /// <summary>One line on compiler and code model.</summary>
    public static string Describe(CodeModel model) =>
        $"{model.Compiler ?? "compiler unknown"}, {(model.Model is { } name ? $"{name} code model" : "code model unknown")}";

    /// <summary>Writes compiler and code model as a property.</summary>
    public static void WriteCodeModel(Utf8JsonWriter writer, CodeModel model)
    {
        writer.WriteStartObject("codeModel");
        writer.WriteString("compiler", model.Compiler);
        writer.WriteString("model", model.Model);
        writer.WriteStartArray("reasons");
        foreach (string reason in model.Reasons)
            writer.WriteStringValue(reason);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes relocations as a property.</summary>
    public static void WriteRelocations(Utf8JsonWriter writer, string name, IReadOnlyList<CheckedRelocation> relocations)
    {
        writer.WriteStartArray(name);
        foreach (CheckedRelocation relocation in relocations)
        {
            writer.WriteStartObject();
            writer.WriteString("verdict", Verdict(relocation.Verdict));
            writer.WriteString("section", relocation.Section);
            writer.WriteString("offset", $"0x{relocation.Offset:x}");
            writer.WriteString("type", relocation.TypeName);
            writer.WriteString("target", relocation.Target);
            writer.WriteString("value", $"0x{relocation.Value:x}");
            writer.WriteString("fileOffset", $"0x{relocation.FileOffset:x}");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>One word for a verdict.</summary>
    public static string Verdict(RelocationVerdict verdict) => verdict switch
    {
        RelocationVerdict.Fits => "fits",
        RelocationVerdict.Overflows => "overflow",
        RelocationVerdict.IsCut => "cut",
        RelocationVerdict.IsUndefined => "undefined",
        RelocationVerdict.IsCommon => "common",
        RelocationVerdict.IsUnknown => "unknown",
        RelocationVerdict.IsExternal => "external",
        _ => "malformed",
    };
}
