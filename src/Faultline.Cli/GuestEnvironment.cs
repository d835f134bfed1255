namespace Faultline.Cli;

/// <summary>The environment a guest program gets: ours, in order, less what the launcher added, with the changes of --env.</summary>
internal static class GuestEnvironment
{
    /// <summary>Applies NAME=VALUE (set) and NAME (remove) to this process's environment.</summary>
    public static IReadOnlyList<string> Build(ReadOnlySpan<string> changes)
    {
        List<string> variables = HostProcess.Environment();
        Remove(variables, HostProcess.EnvironmentVariable);
        Remove(variables, HostProcess.SignalsVariable);
        foreach (string change in changes)
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? change : change[..equals];
            int at = equals < 0 ? -1 : variables.FindIndex(v => IsNamed(v, name));
            if (at >= 0)
                variables[at] = change;
            else if (equals >= 0)
                variables.Add(change);
            else
                Remove(variables, name);
        }
        return variables;
    }

    private static void Remove(List<string> variables, string name) => variables.RemoveAll(v => IsNamed(v, name));

    private static bool IsNamed(string variable, string name) =>
        variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name, StringComparison.Ordinal);
}
