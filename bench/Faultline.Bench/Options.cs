using System.Globalization;
using System.Text.RegularExpressions;

namespace Faultline.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    /// <summary>What --help prints.</summary>
    public const string HelpText =
        """
        Usage: bench/run [OPTIONS]
        Times programs natively, under qemu-x86_64 where it is installed, and on
        Faultline, in turn; writes bench/RESULTS.md when every program was run.

              --only REGEX    programs whose name or group matches
              --rounds N      rounds of each program; 3 unless given
              --engine E      passed to 'faultline run': auto, interpreter, translator
              --no-qemu       leave out qemu-x86_64
              --no-write      leave bench/RESULTS.md alone
              --list          print the programs and stop
              --micro         time parts of Faultline inside one process instead
                              (with --only: classes and methods that match)
              --symbolise     time a call trace of 60 lines against addr2line instead;
                              FAULTLINE_VMLINUX names the kernel with DWARF
          -h, --help          print this

        """;

    /// <summary>Programs to run, by name or group; null for all.</summary>
    public Regex? Only { get; private set; }

    /// <summary>How many times each program runs in each way.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>The engine to ask of Faultline; null for its default.</summary>
    public string? Engine { get; private set; }

    /// <summary>Whether qemu-x86_64 runs where it is installed.</summary>
    public bool Qemu { get; private set; } = true;

    /// <summary>Whether a complete comparison replaces bench/RESULTS.md.</summary>
    public bool Write { get; private set; } = true;

    /// <summary>Whether to name the programs only.</summary>
    public bool List { get; private set; }

    /// <summary>Whether to time parts of Faultline in this process.</summary>
    public bool Micro { get; private set; }

    /// <summary>Whether to time the symbolising of a call trace.</summary>
    public bool Symbolise { get; private set; }

    /// <summary>Whether to print <see cref="HelpText"/>.</summary>
    public bool Help { get; private set; }

    /// <summary>Whether the comparison covers everything, so that its table may stand as the result.</summary>
    public bool IsComplete => Only is null && Qemu && Engine is null;

    /// <summary>Reads a command line.</summary>
    /// <returns>False with <paramref name="problem"/> set.</returns>
    public static bool TryParse(string[] arguments, out Options options, out string? problem)
    {
        options = new Options();
        problem = null;
        for (int i = 0; i < arguments.Length && problem is null; i++)
        {
            switch (arguments[i])
            {
                case "--only" or "--rounds" or "--engine" when i + 1 < arguments.Length:
                    problem = options.Set(arguments[i], arguments[++i]);
                    break;
                case "--no-qemu":
                    options.Qemu = false;
                    break;
                case "--no-write":
                    options.Write = false;
                    break;
                case "--list":
                    options.List = true;
                    break;
                case "--micro":
                    options.Micro = true;
                    break;
                case "--symbolise":
                    options.Symbolise = true;
                    break;
                case "--help" or "-h":
                    options.Help = true;
                    break;
                default:
                    problem = $"unknown option {arguments[i]}, or its value is missing";
                    break;
            }
        }
        return problem is null;
    }

    private string? Set(string option, string value)
    {
        switch (option)
        {
            case "--only":
                try
                {
                    Only = new Regex(value, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
                    return null;
                }
                catch (RegexParseException e)
                {
                    return $"--only: {e.Message.TrimEnd('.')}";
                }
            case "--rounds":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) || rounds == 0)
                    return $"--rounds {value}: a number from 1 on is needed";
                Rounds = rounds;
                return null;
            default:
                Engine = value;
                return null;
        }
    }
}
