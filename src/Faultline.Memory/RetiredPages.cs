namespace Faultline.Memory;

/// <summary>What one change of an address space took away while other threads might still be in the middle of an access to it.</summary>
internal sealed class RetiredPages
{
    private readonly List<(AddressSpaceUser User, long Progress)> _holders = [];

    /// <summary>Entries of owned frames, each with a reference.</summary>
    public List<nuint> Entries { get; } = [];

    /// <summary>Sources of mappings that are gone, each with a reference.</summary>
    public List<IPageSource> Sources { get; } = [];

    /// <summary>Runs of pages (first page, count) whose homes are not needed now.</summary>
    public List<(ulong Page, ulong Count)> Homes { get; } = [];

    /// <summary>Whether every thread has come to a point where it holds nothing since <see cref="Close"/>.</summary>
    public bool IsFree
    {
        get
        {
            _ = _holders.RemoveAll(holder => holder.User.Progress != holder.Progress || holder.User.IsAsleep);
            return _holders.Count == 0;
        }
    }

    /// <summary>The change is made: from here on threads find none of this any more. The caller's own thread holds nothing.</summary>
    public void Close(AddressSpaceUser[] users)
    {
        foreach (AddressSpaceUser user in users)
        {
            if (user != AddressSpaceUser.Current && !user.IsAsleep)
                _holders.Add((user, user.Progress));
        }
    }
}
