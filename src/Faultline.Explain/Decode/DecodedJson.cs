using System.Text.Json;
using Faultline.Explain.Output;

namespace Faultline.Explain.Decode;

/// <summary>
/// Writes decoded values as JSON. The shape is stable: members are added, never renamed or removed. A value is an object with <c>kind</c> (at
/// the top alone), <c>title</c>, <c>source</c>, <c>fields</c> (objects with <c>place</c>, <c>name</c>, <c>value</c>, <c>meaning</c>, all strings),
/// <c>clear</c> (names), <c>notes</c> (sentences), <c>parts</c> (such objects) and <c>findings</c> as <see cref="FindingJson"/> writes them.
/// </summary>
internal static class DecodedJson
{
    /// <summary>Writes one value to a stream.</summary>
    public static void Write(Stream stream, string kind, Decoded decoded)
    {
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Write(writer, decoded, kind);
    }

    private static void Write(Utf8JsonWriter writer, Decoded decoded, string? kind)
    {
        writer.WriteStartObject();
        if (kind is not null)
            writer.WriteString("kind", kind);
        writer.WriteString("title", decoded.Title);
        writer.WriteString("source", decoded.Source);
        writer.WriteStartArray("fields");
        foreach (DecodedField field in decoded.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("place", field.Place);
            writer.WriteString("name", field.Name);
            writer.WriteString("value", field.Value);
            writer.WriteString("meaning", field.Meaning);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        Strings(writer, "clear", decoded.Clear);
        Strings(writer, "notes", decoded.Notes);
        writer.WriteStartArray("parts");
        foreach (Decoded part in decoded.Parts)
            Write(writer, part, null);
        writer.WriteEndArray();
        writer.WritePropertyName("findings");
        FindingJson.Write(writer, decoded.Findings);
        writer.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
