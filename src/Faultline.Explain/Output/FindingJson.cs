using System.Text.Json;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Output;

/// <summary>
/// Writes findings as JSON. The shape is stable: members are added, never renamed or removed. A finding is an object with
/// <c>id</c>, <c>title</c>, <c>observed</c>, <c>cause</c>, <c>confidence</c> (<c>certain</c>, <c>likely</c>, <c>possible</c>),
/// <c>evidence</c> (objects with <c>text</c> and, where they apply, <c>line</c>, <c>quote</c>, <c>address</c>, <c>file</c>,
/// <c>fileOffset</c>, <c>bytes</c>) and <c>whatToDo</c> (strings). Addresses and offsets are strings with 0x, for numbers of
/// 64 bits do not survive JSON readers; bytes are hexadecimal digits without separators.
/// </summary>
internal static class FindingJson
{
    /// <summary>Writes an array of findings as the value that comes next.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartArray();
        foreach (Finding finding in findings)
            Write(writer, finding);
        writer.WriteEndArray();
    }

    /// <summary>Writes one finding as the value that comes next.</summary>
    public static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("id", finding.Id);
        writer.WriteString("title", finding.Title);
        writer.WriteString("observed", finding.Observed);
        writer.WriteString("cause", finding.Cause);
        writer.WriteString("confidence", FindingText.Name(finding.Confidence));
        writer.WriteStartArray("evidence");
        foreach (Evidence evidence in finding.Evidence)
            Write(writer, evidence);
        writer.WriteEndArray();
        writer.WriteStartArray("whatToDo");
        foreach (string step in finding.WhatToDo)
            writer.WriteStringValue(step);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Evidence evidence)
    {
        writer.WriteStartObject();
        writer.WriteString("text", evidence.Text);
        if (evidence.Line is { } line)
            writer.WriteNumber("line", line);
        if (evidence.Quote is { } quote)
            writer.WriteString("quote", quote);
        if (evidence.Address is { } address)
            writer.WriteString("address", $"0x{address:x}");
        if (evidence.File is { } file)
            writer.WriteString("file", file);
        if (evidence.FileOffset is { } offset)
            writer.WriteString("fileOffset", $"0x{offset:x}");
        if (evidence.Bytes.Length > 0)
            writer.WriteString("bytes", Convert.ToHexStringLower(evidence.Bytes.Span));
        writer.WriteEndObject();
    }
}
