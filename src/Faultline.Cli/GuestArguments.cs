namespace Faultline.Cli;

/// <summary>
/// Separates our options from the guest's: everything from the program on belongs to the guest, options or not, as with env(1) or strace(1).
/// </summary>
internal static class GuestArguments
{
    /// <summary>Puts "--" in front of the program of a run command unless the user did.</summary>
    /// <param name="arguments">The whole command line.</param>
    /// <param name="optionsWithValue">Our options that take the next argument as their value.</param>
    public static string[] Separate(string[] arguments, ReadOnlySpan<string> optionsWithValue)
    {
        if (arguments.Length == 0 || arguments[0] != "run")
            return arguments;
        for (int i = 1; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
                return arguments;
            if (!argument.StartsWith('-') || argument == "-")
                return [.. arguments[..i], "--", .. arguments[i..]];
            if (optionsWithValue.Contains(argument))
                i++;
        }
        return arguments;
    }
}
