namespace Faultline.Cli;

/// <summary>
/// Separates our options from the guest's: everything from the program on belongs to the guest, options or not, as with env(1) or strace(1).
/// </summary>
internal static class GuestArguments
{
    /// <summary>Whether an argument where an option may stand is the program instead.</summary>
    public static bool IsProgram(string argument) => !argument.StartsWith('-') || argument == "-";

    /// <summary>Puts "--" in front of the program of a run command unless the user did.</summary>
    /// <param name="arguments">The whole command line.</param>
    /// <param name="flags">Our options that stand alone.</param>
    /// <param name="optionsWithValue">Our options that take a value: the next argument, or what follows '='.</param>
    /// <param name="separated">The command line with "--".</param>
    /// <param name="unknown">An option before the program that is none of ours.</param>
    /// <returns>False with <paramref name="unknown"/> set.</returns>
    public static bool TrySeparate(
        string[] arguments, ReadOnlySpan<string> flags, ReadOnlySpan<string> optionsWithValue, out string[] separated, out string unknown)
    {
        separated = arguments;
        unknown = "";
        if (arguments.Length == 0 || arguments[0] != "run")
            return true;
        for (int i = 1; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
                return true;
            if (IsProgram(argument))
            {
                separated = [.. arguments[..i], "--", .. arguments[i..]];
                return true;
            }
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            bool takesValue = optionsWithValue.Contains(equals < 0 ? argument : argument[..equals]);
            if (takesValue && equals < 0)
            {
                i++;
            }
            else if (!takesValue && !flags.Contains(argument))
            {
                unknown = argument;
                return false;
            }
        }
        return true;
    }
}
