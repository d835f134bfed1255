using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>One file watched by an epoll. It does not keep the file open: a closed file leaves by itself.</summary>
internal sealed class EpollItem(OpenFile file, EpollEvent wanted)
{
    /// <summary>The file.</summary>
    public OpenFile File { get; } = file;

    /// <summary>What is wanted, with the EPOLLET and EPOLLONESHOT bits, and what to report.</summary>
    public EpollEvent Wanted { get; set; } = wanted;

    /// <summary>Reported once with EPOLLONESHOT, and not armed again since.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>For EPOLLET: what was reported last.</summary>
    public PollEvents Reported { get; set; }

    /// <summary>For EPOLLET: the file's <see cref="OpenFile.Activity"/> at that time.</summary>
    public long ReportedActivity { get; set; } = -1;
}
