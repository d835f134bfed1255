namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Symbolic links in the root folder of the host (<c>/bin</c>, <c>/lib</c>), which most programs and libraries are reached through. Thread-safe.
/// </summary>
/// <remarks>
/// What guests rename or remove there makes all of it void at once (<see cref="PlainFolders.Changes"/>); what programs of the host do is noticed after <see cref="Life"/>.
/// </remarks>
internal sealed class RootLinks
{
    /// <summary>Milliseconds after which a link is read again.</summary>
    private const long Life = 50;

    private const int MaxLinks = 16;

    private Link[] _links = [];

    /// <summary>The target of a link; null when it is to be looked up.</summary>
    public string? Find(ReadOnlySpan<char> name)
    {
        foreach (Link link in Volatile.Read(ref _links))
        {
            if (name.SequenceEqual(link.Name))
                return link.Changes == PlainFolders.Changes && Environment.TickCount64 < link.Until ? link.Target : null;
        }
        return null;
    }

    /// <summary>A link was read.</summary>
    /// <param name="name">Its name in the root.</param>
    /// <param name="target">Its text.</param>
    /// <param name="changes"><see cref="PlainFolders.Changes"/> from before.</param>
    public void Note(string name, string target, long changes)
    {
        Link[] known = Volatile.Read(ref _links);
        List<Link> links = new(MaxLinks) { new Link(name, target, changes, Environment.TickCount64 + Life) };
        foreach (Link link in known)
        {
            if (link.Name != name && links.Count < MaxLinks)
                links.Add(link);
        }
        // Two threads may both add one: either is lost at most.
        Volatile.Write(ref _links, [.. links]);
    }

    private sealed record Link(string Name, string Target, long Changes, long Until);
}
