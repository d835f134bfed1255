using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>A descriptor's socket for the length of one system call.</summary>
internal readonly ref struct SocketUse : IDisposable
{
    private const ulong CAP_NET_RAW = 1UL << 13;

    private readonly OpenFile? _file;

    private SocketUse(OpenFile? file) => _file = file;

    /// <summary>The socket; there is one when <see cref="Error"/> is 0.</summary>
    public Socket Socket => (Socket)_file!;

    /// <summary>0, -EBADF or -ENOTSOCK.</summary>
    public int Error => _file is null || _file.IsPath ? -Errno.EBADF : _file is Socket ? 0 : -Errno.ENOTSOCK;

    /// <summary>Looks a descriptor up.</summary>
    public static SocketUse Of(Task task, int fd) => new(task.Process.Files.Acquire(fd));

    /// <summary>Who the caller is.</summary>
    public static SocketUser UserOf(Task task) => new()
    {
        Ids = new Ucred { pid = task.Process.Pid, uid = task.Credentials.Euid, gid = task.Credentials.Egid },
        Groups = task.Credentials.Groups,
        MayUseRawSockets = (task.Credentials.EffectiveCapabilities & CAP_NET_RAW) != 0,
        FileSystem = task.Process.FileSystem,
    };

    /// <summary>Gives the socket up.</summary>
    public void Dispose() => _file?.Release();
}
