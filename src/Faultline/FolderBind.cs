namespace Faultline;

/// <summary>A folder of the host that the guest sees at a place of its own tree.</summary>
/// <param name="HostFolder">The folder, a path of the host; relative ones start at the host's current directory.</param>
/// <param name="GuestPath">Where: an absolute path whose parent the guest has. What is there already is covered.</param>
/// <param name="ReadOnly">The guest cannot change anything in it from there (EROFS).</param>
public sealed record FolderBind(string HostFolder, string GuestPath, bool ReadOnly = false)
{
    /// <summary>Reads <c>HOST:GUEST</c> or <c>HOST:GUEST:ro</c>, as <c>--bind</c> takes it.</summary>
    /// <param name="text">The text. A colon in a path cannot be written.</param>
    /// <param name="bind">What it says, or null.</param>
    /// <returns>False for anything else: an empty part, a guest path that is not absolute, a third part that is not <c>ro</c>.</returns>
    public static bool TryParse(string text, out FolderBind? bind)
    {
        ArgumentNullException.ThrowIfNull(text);
        bind = null;
        string[] parts = text.Split(':');
        bool isReadOnly = parts.Length == 3 && parts[2] == "ro";
        if (!(parts.Length == 2 || isReadOnly) || parts[0].Length == 0 || !parts[1].StartsWith('/') || parts[1].Trim('/').Length == 0)
            return false;
        bind = new FolderBind(parts[0], parts[1], isReadOnly);
        return true;
    }
}
