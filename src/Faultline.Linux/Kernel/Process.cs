using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

/// <summary>A guest process: Linux's thread group (signal_struct) with what its threads share.</summary>
internal sealed partial class Process(LinuxKernel kernel, int pid)
{
    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel { get; } = kernel;

    /// <summary>getpid(2): the thread group id.</summary>
    public int Pid { get; } = pid;

    /// <summary>The process's memory, for copies in and out.</summary>
    public GuestMemory Memory { get; private set; }

    /// <summary>Descriptors.</summary>
    public FdTable Files { get; init; } = new();

    /// <summary>Root, current directory and umask.</summary>
    public required FsContext FileSystem { get; init; }
}
