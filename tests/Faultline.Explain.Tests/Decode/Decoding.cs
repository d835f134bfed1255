using Faultline.Explain.Decode;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Decodes as the command line does.</summary>
internal static class Decoding
{
    /// <summary>The value that a command line gives: a kind and its words.</summary>
    public static Decoded Of(string command)
    {
        DecodeOutcome outcome = Try(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", outcome.Error);
        return outcome.Value!;
    }

    /// <summary>The message that a command line gives.</summary>
    public static string Error(string command)
    {
        DecodeOutcome outcome = Try(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(outcome.Value);
        Assert.NotEqual("", outcome.Error);
        return outcome.Error;
    }

    /// <summary>A frame's view.</summary>
    public static Decoded Frame(string abi, string text)
    {
        DecodeOutcome outcome = DecodeKinds.Find("syscall-frame")!.Decode(new DecodeRequest { Text = text, Abi = abi });
        Assert.Equal("", outcome.Error);
        return outcome.Value!;
    }

    /// <summary>The value of a field.</summary>
    public static string Field(this Decoded decoded, string name) => Assert.Single(decoded.Fields, field => field.Name == name).Value;

    /// <summary>What a field means.</summary>
    public static string Meaning(this Decoded decoded, string name) => Assert.Single(decoded.Fields, field => field.Name == name).Meaning;

    /// <summary>The notes as one text.</summary>
    public static string AllNotes(this Decoded decoded) => string.Join('\n', decoded.Notes);

    private static DecodeOutcome Try(string[] words) => DecodeKinds.Find(words[0])!.Decode(new DecodeRequest { Words = words[1..] });
}
