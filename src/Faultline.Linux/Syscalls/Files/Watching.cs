using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>inotify_init(2), inotify_add_watch(2), inotify_rm_watch(2) (fs/notify/inotify).</summary>
internal static class Watching
{
    private const uint IN_ONLYDIR = 0x01000000;
    private const uint IN_DONT_FOLLOW = 0x02000000;
    private const uint IN_MASK_CREATE = 0x10000000;
    private const uint IN_MASK_ADD = 0x20000000;

    /// <summary>All events and flags there are (ALL_INOTIFY_BITS).</summary>
    private const uint Known = 0xF700EFFF;

    /// <summary>int inotify_init(void)</summary>
    public static long InotifyInit(Task task, in SyscallArguments a) => Make(task, 0);

    /// <summary>int inotify_init1(int flags)</summary>
    public static long InotifyInit1(Task task, in SyscallArguments a) => (a.Int0 & ~(O_CLOEXEC | O_NONBLOCK)) != 0 ? -Errno.EINVAL : Make(task, a.Int0);

    /// <summary>int inotify_add_watch(int fd, const char *pathname, uint32_t mask)</summary>
    public static long InotifyAddWatch(Task task, in SyscallArguments a)
    {
        uint mask = (uint)a.A2;
        if ((mask & Known) == 0)
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        if ((mask & (IN_MASK_ADD | IN_MASK_CREATE)) == (IN_MASK_ADD | IN_MASK_CREATE) || use.File is not InotifyFile watcher)
            return -Errno.EINVAL;
        int result = PathArgument.Get(task, AtFlags.AT_FDCWD, a.A1, out PathArgument path);
        if (result < 0)
            return result;
        OpenFile? target;
        using (path)
        {
            int flags = O_PATH | ((mask & IN_DONT_FOLLOW) != 0 ? O_NOFOLLOW : 0) | ((mask & IN_ONLYDIR) != 0 ? O_DIRECTORY : 0);
            result = path.Vfs.Open(path.Context, path.Start, path.Path, flags, 0, out target);
        }
        if (result < 0)
            return result;
        // Files of this kernel's own tell nothing: as if there were no watches left, so that programs look for themselves.
        result = target switch
        {
            HostFile file => task.Host.Files.AddWatch(watcher.Handle, file.Handle, mask & ~IN_DONT_FOLLOW),
            HostDirectoryFile { Directory: HostDirectory directory } => task.Host.Files.AddWatch(watcher.Handle, directory.Handle, mask & ~IN_DONT_FOLLOW),
            _ => -Errno.ENOSPC,
        };
        target!.Release();
        return result;
    }

    /// <summary>int inotify_rm_watch(int fd, int wd)</summary>
    public static long InotifyRmWatch(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        return use.File is InotifyFile watcher ? task.Host.Files.RemoveWatch(watcher.Handle, a.Int1) : -Errno.EINVAL;
    }

    private static long Make(Task task, int flags)
    {
        int handle = task.Host.Files.CreateWatcher();
        if (handle < 0)
            return handle;
        IHostIdentity identity = task.Host.Identity;
        InotifyFile file = new(task.Host, handle, flags & O_NONBLOCK, identity.EffectiveUserId, identity.EffectiveGroupId);
        return task.Process.Files.Add(file, (flags & O_CLOEXEC) != 0);
    }
}
