using System.Text.Json;
using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Notes;
using Faultline.Elf.Symbols;
using Faultline.Explain.Findings;
using Faultline.Explain.Images.Objects;
using Faultline.Explain.Images.Segments;
using Faultline.Explain.Output;

namespace Faultline.Explain.Images;

/// <summary>Prints what is in an ELF file.</summary>
internal static class InspectText
{
    private const int MostSymbols = 1 << 20;

    /// <summary>Prints it for a terminal.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="image">The file.</param>
    /// <param name="report">Its relocations, if it is a relocatable object.</param>
    /// <param name="loading">What loading makes of it, if it is a program or a library.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="withSymbols">Whether to print its symbols.</param>
    public static void Write(TextWriter writer, ImageFile image, ObjectReport? report, SegmentReport? loading, IReadOnlyList<Finding> findings, bool withSymbols)
    {
        ElfFile file = image.Elf;
        writer.WriteLine($"{Printable.Clean(image.Name)}: {Describe(file.Header)}{(report is null ? "" : $", {report.Kind}")}");
        if (file.Notes.GetBuildId() is { } id)
            writer.WriteLine($"build id: {id}");
        if (image.ModuleName is { } module)
            writer.WriteLine($"module: {Printable.Clean(module)}");
        writer.WriteLine(image.Debug is null
            ? $"debug information: {image.DebugProblem}"
            : $"debug information: {image.Debug.UnitCount} units in {Printable.Clean(image.DebugFile!)}");
        if (SeparateDebugFile.TryReadLink(image, out string link, out uint crc))
            writer.WriteLine($"separate debug file: {Printable.Clean(link)}, CRC {crc:x8}");
        if (loading is not null)
            SegmentText.WriteNeeds(writer, loading);
        if (file.Sections.Error.Code != ElfErrorCode.None)
            writer.WriteLine($"sections: {file.Sections.Error.Message}");
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            ref readonly ProgramHeader segment = ref file.ProgramHeaders[i];
            writer.WriteLine($"  {i,4} {segment.p_type,-16} {segment.p_vaddr:x16} offset {segment.p_offset,8:x} file {segment.p_filesz,8:x} memory {segment.p_memsz,8:x} {Letters(segment.p_flags)} align {segment.p_align:x}");
        }
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        if (sections.Length > 1)
            writer.WriteLine($"  {"nr",4} {"address",16} {"offset",8} {"size",8} {"flags",-6} {"type",-14} name");
        for (int i = 1; i < sections.Length; i++)
        {
            ref readonly SectionHeader section = ref sections[i];
            writer.WriteLine($"  {i,4} {section.sh_addr:x16} {section.sh_offset,8:x} {section.sh_size,8:x} {SectionFlagLetters.Of(section.sh_flags),-6} {NameOf(section.sh_type),-14} {Printable.Clean(file.Sections.NameOf(i) ?? "")}");
        }
        foreach (ElfNote note in file.Notes.All)
            writer.WriteLine($"  note {Printable.Clean(note.Name)} type {note.Type}, {note.DescriptorSize} bytes");
        if (report is not null)
            Write(writer, report);
        if (loading is not null)
            SegmentText.WriteLayout(writer, loading);
        if (withSymbols)
        {
            ElfSymbolTable symbols = file.Symbols;
            for (int i = 0; i < Math.Min(symbols.Count, MostSymbols); i++)
            {
                ElfSymbol symbol = symbols[i];
                writer.WriteLine($"  {Place(image, symbols, i, symbol.Address)} {symbol.Size,8:x} {Short(symbol.Type),-9} {Short(symbol.Binding),-6} {Printable.Clean(symbol.Name)}");
            }
        }
        if (findings.Count == 0)
            return;
        writer.WriteLine();
        FindingText.Write(writer, findings);
    }

    /// <summary>Writes it as one JSON object; addresses are strings with 0x.</summary>
    public static void WriteJson(Utf8JsonWriter writer, ImageFile image, ObjectReport? report, SegmentReport? loading, IReadOnlyList<Finding> findings, bool withSymbols)
    {
        ElfFile file = image.Elf;
        writer.WriteStartObject();
        writer.WriteString("file", image.Name);
        writer.WriteString("type", file.Header.e_type.ToString());
        writer.WriteString("entry", $"0x{file.Header.e_entry:x}");
        writer.WriteString("buildId", file.Notes.GetBuildId());
        writer.WriteString("module", image.ModuleName);
        writer.WriteString("debugFile", image.DebugFile);
        writer.WriteStartArray("segments");
        foreach (ref readonly ProgramHeader segment in file.ProgramHeaders)
        {
            writer.WriteStartObject();
            writer.WriteString("type", segment.p_type.ToString());
            writer.WriteString("address", $"0x{segment.p_vaddr:x}");
            writer.WriteString("offset", $"0x{segment.p_offset:x}");
            writer.WriteString("fileSize", $"0x{segment.p_filesz:x}");
            writer.WriteString("memorySize", $"0x{segment.p_memsz:x}");
            writer.WriteString("flags", Letters(segment.p_flags));
            writer.WriteString("alignment", $"0x{segment.p_align:x}");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("sections");
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        for (int i = 1; i < sections.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Sections.NameOf(i));
            writer.WriteString("type", NameOf(sections[i].sh_type));
            writer.WriteString("flags", SectionFlagLetters.Of(sections[i].sh_flags));
            writer.WriteString("address", $"0x{sections[i].sh_addr:x}");
            writer.WriteString("offset", $"0x{sections[i].sh_offset:x}");
            writer.WriteString("size", $"0x{sections[i].sh_size:x}");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (ElfNote note in file.Notes.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", note.Name);
            writer.WriteNumber("type", note.Type);
            writer.WriteNumber("size", note.DescriptorSize);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (report is not null)
            WriteJson(writer, report);
        if (loading is not null)
            SegmentText.WriteJson(writer, loading);
        if (withSymbols)
        {
            ElfSymbolTable symbols = file.Symbols;
            writer.WriteStartArray("symbols");
            for (int i = 0; i < Math.Min(symbols.Count, MostSymbols); i++)
            {
                ElfSymbol symbol = symbols[i];
                writer.WriteStartObject();
                writer.WriteString("name", symbol.Name);
                writer.WriteString("place", Place(image, symbols, i, symbol.Address));
                writer.WriteString("size", $"0x{symbol.Size:x}");
                writer.WriteString("type", symbol.Type.ToString());
                writer.WriteString("binding", symbol.Binding.ToString());
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WritePropertyName("findings");
        FindingJson.Write(writer, findings);
        writer.WriteEndObject();
    }

    private static void Write(TextWriter writer, ObjectReport report)
    {
        writer.WriteLine(PurgatoryText.Describe(report.CodeModel));
        foreach (string reason in report.CodeModel.Reasons)
            TextWrap.Write(writer, reason, FindingText.Width, "  ", "    ");
        writer.WriteLine($"relocations, with the first section at 0x{report.Address:x}: {report.External} depend on other files, {report.FaultCount} do not fit");
        foreach ((string section, string type, int count) in report.Relocations)
            writer.WriteLine($"  {count,8} {type,-26} {Printable.Clean(section)}");
        foreach (CheckedRelocation fault in report.Faults)
            writer.WriteLine($"  {PurgatoryText.Verdict(fault.Verdict),-10} {Printable.Clean(fault.Section)}+0x{fault.Offset:x}: {fault.TypeName} {Printable.Clean(fault.Target)} = 0x{fault.Value:x}");
    }

    private static void WriteJson(Utf8JsonWriter writer, ObjectReport report)
    {
        writer.WriteString("kind", report.Kind);
        PurgatoryText.WriteCodeModel(writer, report.CodeModel);
        writer.WriteString("address", $"0x{report.Address:x}");
        writer.WriteNumber("external", report.External);
        writer.WriteNumber("faultCount", report.FaultCount);
        writer.WriteStartArray("relocations");
        foreach ((string section, string type, int count) in report.Relocations)
        {
            writer.WriteStartObject();
            writer.WriteString("section", section);
            writer.WriteString("type", type);
            writer.WriteNumber("count", count);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        PurgatoryText.WriteRelocations(writer, "faults", report.Faults);
    }

    private static string Place(ImageFile image, ElfSymbolTable symbols, int index, ulong address)
    {
        if (!image.IsRelocatable)
            return $"{address:x16}";
        int section = symbols.SectionOf(index);
        return $"{image.Elf.Sections.NameOf(section)}+0x{address - image.Elf.SectionLayout.AddressOf(section):x}";
    }

    private static string Describe(in ElfHeader header) => header.e_type switch
    {
        ElfType.ET_REL => "relocatable object (ET_REL), x86-64",
        ElfType.ET_EXEC => $"executable at fixed addresses (ET_EXEC), x86-64, entry 0x{header.e_entry:x}",
        ElfType.ET_DYN => $"shared object or position-independent executable (ET_DYN), x86-64, entry 0x{header.e_entry:x}",
        ElfType.ET_CORE => "core file (ET_CORE), x86-64",
        _ => $"type {(ushort)header.e_type}, x86-64",
    };

    /// <summary>The name of a constant without its prefix of four characters (STT_, STB_), or its number.</summary>
    private static string Short<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value.ToString()[4..] : value.ToString();

    private static string NameOf(SectionType type) => Enum.IsDefined(type) ? type.ToString()[4..] : $"0x{(uint)type:x}";

    private static string Letters(SegmentFlags flags) =>
        string.Concat((flags & SegmentFlags.PF_R) != 0 ? 'r' : '-', (flags & SegmentFlags.PF_W) != 0 ? 'w' : '-', (flags & SegmentFlags.PF_X) != 0 ? 'x' : '-');
}
