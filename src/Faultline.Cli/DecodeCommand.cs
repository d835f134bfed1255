using System.CommandLine;
using Faultline.Explain.Decode;

namespace Faultline.Cli;

/// <summary><c>faultline decode</c>.</summary>
internal static class DecodeCommand
{
    /// <summary>Most characters read from a file or from standard input.</summary>
    private const int MaxText = 4 << 20;

    private static readonly Option<bool> _json = new("--json");

    private static readonly Option<string?> _abi = new("--abi");

    private static readonly Option<string?> _bits = new("--bits");

    private static readonly Option<string?> _at = new("--at");

    private static readonly Option<string?> _file = new("--file");

    private static readonly Argument<string[]> _words = new("KIND")
    {
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The command's name.</summary>
    public const string Name = "decode";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new(Name)
        {
            _json, _abi, _bits, _at, _file, _words,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        if (words.Length == 0)
        {
            DecodedText.WriteKinds(Console.Out, DecodeKinds.All);
            return 0;
        }
        if (DecodeKinds.Find(words[0]) is not { } kind)
            return Entry.Usage($"nothing is called '{ValueText.Shown(words[0])}'; 'faultline decode' lists what can be decoded", $"{Name} ");
        string? file = parsed.GetValue(_file);
        if (file is null && kind.ReadsText)
            file = words.Length > 1 ? words[1] : "-";
        string? text = null;
        if (file is not null && !TryRead(file, out text, out string problem))
        {
            Console.Error.WriteLine($"faultline: {problem}");
            return Entry.UsageStatus;
        }
        DecodeOutcome outcome = kind.Decode(new DecodeRequest
        {
            Words = words[1..],
            Text = text,
            Abi = parsed.GetValue(_abi),
            Bits = parsed.GetValue(_bits),
            Address = parsed.GetValue(_at),
        });
        if (outcome.Value is not { } decoded)
        {
            Console.Error.WriteLine($"faultline: {outcome.Error}");
            Console.Error.WriteLine($"  usage:   faultline decode {kind.Name} {kind.Arguments}");
            Console.Error.WriteLine($"  example: faultline decode {kind.Name} {kind.Example}");
            return Entry.UsageStatus;
        }
        if (parsed.GetValue(_json))
        {
            using Stream output = Console.OpenStandardOutput();
            DecodedJson.Write(output, kind.Name, decoded);
            output.WriteByte((byte)'\n');
        }
        else
        {
            DecodedText.Write(Console.Out, decoded);
        }
        return 0;
    }

    private static bool TryRead(string file, out string? text, out string problem)
    {
        text = null;
        problem = "";
        try
        {
            using TextReader reader = file == "-" ? Console.In : new StreamReader(file);
            char[] buffer = new char[MaxText];
            int length = reader.ReadBlock(buffer);
            text = new string(buffer, 0, length);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = $"cannot read {file}: {e.Message}";
            return false;
        }
    }
}
