using System.Text.Encodings.Web;
using System.Text.Json;
using Faultline.Explain.Code;
using Faultline.Explain.Explanations;
using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Output;

/// <summary>
/// Writes an explanation as one JSON object. The shape is described in docs/design/explain.md and stable: members are added, never
/// renamed or removed; a member that a report says nothing about is absent. Values of 64 bits are strings with 0x.
/// </summary>
internal static class ExplanationJson
{
    /// <summary>The number of the shape: it grows when members change their meaning, which they should never.</summary>
    public const int Version = 1;

    // The text goes to a file or a terminal's pipe, not into a page.
    private static readonly JsonWriterOptions _options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes everything, and a line's end.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, Explanation explanation)
    {
        using (Utf8JsonWriter writer = new(stream, _options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteString("source", explanation.Source);
            writer.WriteNumber("lines", explanation.Scan.LineCount);
            writer.WriteBoolean("complete", explanation.Scan.IsComplete);
            writer.WriteStartArray("reports");
            foreach (ExplainedReport report in explanation.Reports)
                Write(writer, report);
            writer.WriteEndArray();
            writer.WritePropertyName("textFindings");
            FindingJson.Write(writer, explanation.TextFindings);
            writer.WriteEndObject();
        }
        stream.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter writer, ExplainedReport explained)
    {
        CrashReport report = explained.Report;
        writer.WriteStartObject();
        writer.WritePropertyName("findings");
        FindingJson.Write(writer, explained.Findings);
        writer.WriteString("kind", Camel(report.Kind.ToString()));
        Text(writer, "architecture", ReportLabels.Of(report.Architecture));
        writer.WriteString("title", report.Title);
        writer.WriteNumber("firstLine", report.FirstLine);
        writer.WriteNumber("lastLine", report.LastLine);
        Number(writer, "timestamp", report.Timestamp);
        Number(writer, "cpu", report.Cpu);
        Number(writer, "pid", report.Pid);
        Number(writer, "uid", report.Uid);
        Text(writer, "task", report.Task);
        Text(writer, "kernel", report.KernelVersion);
        Text(writer, "hardware", report.Hardware);
        Text(writer, "workqueue", report.Workqueue);
        Text(writer, "sourcePosition", report.SourcePosition);
        Address(writer, "faultAddress", report.FaultAddress);
        Address(writer, "errorCode", report.ErrorCode);
        if (report.ErrorCode is { } code)
            writer.WriteString("errorCodeText", ErrorCodeText.Describe(report, code));
        Number(writer, "oops", report.OopsNumber);
        Address(writer, "kernelOffset", report.KernelOffset);
        Text(writer, "endTrace", report.EndTrace);
        Text(writer, "symbolSummary", explained.SymbolSummary);
        WriteTaint(writer, report);
        WriteCfi(writer, report.Cfi);
        WriteFrame(writer, explained);
        WriteTrace(writer, explained);
        WriteRest(writer, report);
        writer.WriteEndObject();
    }

    private static void WriteTaint(Utf8JsonWriter writer, CrashReport report)
    {
        if (!report.HasTaint)
            return;
        writer.WriteStartArray("taint");
        foreach (TaintFlag flag in report.Taint)
        {
            writer.WriteStartObject();
            writer.WriteString("letter", flag.Letter.ToString());
            writer.WriteNumber("bit", flag.Bit);
            writer.WriteString("meaning", flag.Meaning);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteCfi(Utf8JsonWriter writer, CfiMismatch? cfi)
    {
        if (cfi is null)
            return;
        writer.WriteStartObject("cfi");
        Text(writer, "caller", cfi.Caller?.ToString());
        Text(writer, "target", cfi.Target?.ToString());
        Address(writer, "targetAddress", cfi.TargetAddress);
        Address(writer, "expectedType", cfi.ExpectedType);
        writer.WriteEndObject();
    }

    private static void WriteFrame(Utf8JsonWriter writer, ExplainedReport explained)
    {
        RegisterFrame frame = explained.Report.Frame;
        if (explained.Place is { } place)
        {
            writer.WritePropertyName("ip");
            Write(writer, place);
        }
        writer.WriteStartArray("registers");
        foreach (RegisterView view in explained.Registers)
            Write(writer, view.Register, view.Value);
        foreach (RegisterValue register in frame.SystemRegisters)
            Write(writer, register, null);
        writer.WriteEndArray();
        if (frame.Code is { } code)
        {
            writer.WriteStartObject("code");
            writer.WriteString("bytes", Convert.ToHexStringLower(code.Bytes.Span));
            writer.WriteNumber("marked", code.MarkedIndex);
            writer.WriteNumber("unit", code.UnitSize);
            Text(writer, "unreadable", code.Unreadable);
            writer.WriteStartArray("instructions");
            foreach (CodeInstruction instruction in explained.Code.Instructions)
                Write(writer, instruction);
            writer.WriteEndArray();
            Strings(writer, "notes", explained.Code.Notes);
            writer.WriteEndObject();
        }
        if (explained.Report.UserFrame is { } user)
        {
            writer.WriteStartObject("userFrame");
            Address(writer, "ip", user.InstructionPointer);
            writer.WriteStartArray("registers");
            foreach (RegisterValue register in user.Registers)
                Write(writer, register, null);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, RegisterValue register, ClassifiedValue? value)
    {
        writer.WriteStartObject();
        writer.WriteString("name", register.Name);
        Address(writer, "value", register.Value);
        writer.WriteNumber("line", register.Line);
        if (value is { } known)
        {
            writer.WriteString("class", Camel(known.Class.ToString()));
            writer.WriteString("text", known.Text);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CodeInstruction instruction)
    {
        writer.WriteStartObject();
        writer.WriteNumber("offset", instruction.Offset);
        writer.WriteString("bytes", Convert.ToHexStringLower(instruction.Bytes.Span));
        writer.WriteString("text", instruction.Text);
        writer.WriteBoolean("marked", instruction.IsMarked);
        Text(writer, "comment", instruction.Comment);
        writer.WriteEndObject();
    }

    private static void WriteTrace(Utf8JsonWriter writer, ExplainedReport explained)
    {
        writer.WriteStartArray("trace");
        foreach (PlaceView place in explained.Trace)
            Write(writer, place);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, PlaceView place)
    {
        writer.WriteStartObject();
        if (place.Symbol is { } symbol)
        {
            writer.WriteString("symbol", symbol.Name);
            Address(writer, "offset", symbol.Offset);
            Address(writer, "size", symbol.Size);
            Text(writer, "module", symbol.Module);
        }
        Address(writer, "address", place.Address);
        Address(writer, "linkAddress", place.LinkAddress);
        writer.WriteString("check", Camel(place.Check.ToString()));
        Text(writer, "checkText", place.CheckText);
        if (place.Entry is { } entry)
        {
            writer.WriteBoolean("unreliable", entry.IsUnreliable);
            writer.WriteBoolean("inlined", entry.IsInlined);
            Text(writer, "section", entry.Section);
            Text(writer, "sourcePosition", entry.SourcePosition);
            writer.WriteNumber("line", entry.Line);
        }
        writer.WriteStartArray("source");
        foreach (SourceFrame frame in place.Source)
        {
            writer.WriteStartObject();
            Text(writer, "function", frame.Function);
            writer.WriteString("file", frame.File);
            writer.WriteNumber("line", frame.Line);
            writer.WriteBoolean("inlined", frame.IsInlined);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter writer, CrashReport report)
    {
        Strings(writer, "modules", report.Modules.Select(module => module.Flags.Length == 0 ? module.Name : $"{module.Name}({module.Flags})"));
        Strings(writer, "details", report.FaultDetails.Select(line => line.Text));
        Strings(writer, "notes", report.Notes);
        Strings(writer, "stack", report.StackWords.Select(word => $"0x{word:x16}"));
        writer.WriteStartArray("dumps");
        foreach (MemoryDump dump in report.Dumps)
        {
            writer.WriteStartObject();
            writer.WriteString("label", dump.Label);
            Address(writer, "address", dump.Address);
            writer.WriteString("bytes", Convert.ToHexStringLower(dump.Bytes.Span));
            writer.WriteNumber("firstLine", dump.Line);
            writer.WriteNumber("lastLine", dump.LastLine);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("kexec");
        foreach (KexecMessage message in report.Kexec)
        {
            writer.WriteStartObject();
            writer.WriteString("text", message.Text);
            if (message.RelocationType is { } type)
                writer.WriteNumber("relocationType", type);
            Address(writer, "value", message.Value);
            writer.WriteNumber("line", message.Line);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("values");
        foreach (NamedValue value in report.Values)
        {
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            Number(writer, "index", value.Index);
            Address(writer, "value", value.Value);
            writer.WriteNumber("line", value.Line);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    private static void Address(Utf8JsonWriter writer, string name, ulong? value)
    {
        if (value is { } number)
            writer.WriteString(name, $"0x{number:x}");
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
