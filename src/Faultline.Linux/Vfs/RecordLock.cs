namespace Faultline.Linux.Vfs;

/// <summary>A lock on a range of a file (fcntl(2)).</summary>
/// <param name="Owner">Who holds it: a descriptor table (files_struct), as Linux has it, or the open file for locks of open file descriptions.</param>
/// <param name="Pid">Who took it, as F_GETLK tells; -1 for locks of open file descriptions.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">Last byte; <see cref="long.MaxValue"/> is to the end however far it moves.</param>
/// <param name="IsWrite">Exclusive.</param>
internal sealed record RecordLock(object Owner, int Pid, long Start, long End, bool IsWrite)
{
    /// <summary>Whether two ranges have a byte in common.</summary>
    public bool Overlaps(long start, long end) => Start <= end && start <= End;

    /// <summary>Whether this stands in the way of somebody's request.</summary>
    public bool Conflicts(object owner, long start, long end, bool isWrite) => (IsWrite || isWrite) && !ReferenceEquals(owner, Owner) && Overlaps(start, end);
}
