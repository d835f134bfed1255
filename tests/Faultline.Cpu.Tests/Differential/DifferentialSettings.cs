using System.Globalization;
using System.Text.RegularExpressions;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>How much is run, from environment variables.</summary>
internal static class DifferentialSettings
{
    /// <summary>Cases a form unless FAULTLINE_DIFF_CASES says otherwise: what keeps the whole table under four minutes on two cores.</summary>
    public const int DefaultCases = 2000;

    /// <summary>Cases a form; there are fifty times as many blocks.</summary>
    public static int Cases => int.TryParse(Environment.GetEnvironmentVariable("FAULTLINE_DIFF_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : DefaultCases;

    /// <summary>Cases a form where each is translated, which costs about a millisecond: a fiftieth of the others.</summary>
    public static int TranslatedCases => Math.Max(1, Cases / 50);

    /// <summary>FAULTLINE_DIFF_SEED, or 1.</summary>
    public static ulong Seed => ulong.TryParse(Environment.GetEnvironmentVariable("FAULTLINE_DIFF_SEED"), CultureInfo.InvariantCulture, out ulong seed) ? seed : 1;

    /// <summary>FAULTLINE_DIFF_FORMS: a regular expression that names of forms (the decoder's, such as Add_rm8_r8) must match.</summary>
    public static Regex? Forms => Environment.GetEnvironmentVariable("FAULTLINE_DIFF_FORMS") is { Length: > 0 } text ? new Regex(text, RegexOptions.IgnoreCase) : null;

    /// <summary>FAULTLINE_DIFF_REPRO: form:seed:case, or block:seed:case.</summary>
    public static string? Repro => Environment.GetEnvironmentVariable("FAULTLINE_DIFF_REPRO");

    /// <summary>FAULTLINE_DIFF_REPORT: a file that every failing form is appended to.</summary>
    public static string? Report => Environment.GetEnvironmentVariable("FAULTLINE_DIFF_REPORT");

    /// <summary>FAULTLINE_DIFF_ENGINE: interpreter or translator, which translates each case before it runs.</summary>
    public static ExecutionEngine Engine => Enum.TryParse(Environment.GetEnvironmentVariable("FAULTLINE_DIFF_ENGINE"), ignoreCase: true, out ExecutionEngine engine) ? engine : ExecutionEngine.Interpreter;

    /// <summary>Every form of the table.</summary>
    public static IEnumerable<Code> TableForms => Enum.GetValues<Code>().Where(code => InstructionTable.Lookup(code).Shape != FormShape.None);

    /// <summary>Those that can be compared with this host and match the filter.</summary>
    public static IEnumerable<Code> Selected
    {
        get
        {
            Regex? filter = Forms;
            return TableForms.Where(code => ExcludedForms.Reason(code) is null && filter?.IsMatch(code.ToString()) != false);
        }
    }
}
