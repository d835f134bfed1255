using System.Runtime.InteropServices;
using System.Text;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host.Linux;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>The host's own calls with whole paths, links followed by the host: what the guest's must agree with.</summary>
internal static unsafe partial class HostCalls
{
    public static int Open(int directory, string path, int flags)
    {
        fixed (byte* p = Bytes(path))
        {
            int handle = Libc.Result(Libc.openat(directory, p, HostOpenFlags.ToHost(flags | OpenFlags.O_CLOEXEC), 0x1A4));
            if (handle >= 0)
                _ = Libc.close(handle);
            return Math.Min(handle, 0);
        }
    }

    public static int Stat(int directory, string path, bool follow)
    {
        HostStatx x;
        int flags = follow ? 0 : AtFlags.AT_SYMLINK_NOFOLLOW;
        fixed (byte* p = Bytes(path))
            return (int)Libc.Result(Libc.syscall(HostCallNumbers.Statx, directory, (nint)p, flags, 0x7FF, (nint)(&x)));
    }

    public static int ReadLink(int directory, string path)
    {
        byte* buffer = stackalloc byte[4096];
        fixed (byte* p = Bytes(path))
            return (int)Libc.Result(Libc.readlinkat(directory, p, buffer, 4096));
    }

    public static int MakeDirectory(int directory, string path)
    {
        fixed (byte* p = Bytes(path))
            return Libc.Result(Libc.mkdirat(directory, p, 0x1ED));
    }

    public static int MakeFifo(int directory, string path)
    {
        fixed (byte* p = Bytes(path))
            return Libc.Result(Libc.mknodat(directory, p, ModeBits.S_IFIFO | 0x1A4, 0));
    }

    public static int Remove(int directory, string path, bool isDirectory)
    {
        fixed (byte* p = Bytes(path))
            return Libc.Result(Libc.unlinkat(directory, p, isDirectory ? AtFlags.AT_REMOVEDIR : 0));
    }

    public static int Rename(int directory, string from, string to, int flags)
    {
        fixed (byte* f = Bytes(from), t = Bytes(to))
            return (int)Libc.Result(Libc.syscall(HostCallNumbers.Renameat2, directory, (nint)f, directory, (nint)t, flags));
    }

    public static int Link(int directory, string from, string to, bool follow)
    {
        fixed (byte* f = Bytes(from), t = Bytes(to))
            return Libc.Result(Libc.linkat(directory, f, directory, t, follow ? AtFlags.AT_SYMLINK_FOLLOW : 0));
    }

    public static int SymbolicLink(int directory, string target, string path)
    {
        fixed (byte* t = Bytes(target), p = Bytes(path))
            return Libc.Result(Libc.symlinkat(t, directory, p));
    }

    public static int ChangeMode(int directory, string path)
    {
        fixed (byte* p = Bytes(path))
            return Libc.Result(Libc.fchmodat(directory, p, 0x1ED, 0));
    }

    public static int Access(int directory, string path)
    {
        fixed (byte* p = Bytes(path))
            return Libc.Result(Libc.faccessat(directory, p, AtFlags.R_OK, 0));
    }

    public static int Truncate(string folder, string path)
    {
        fixed (byte* p = Bytes(folder + "/" + path))
            return Libc.Result(truncate(p, 3));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text + "\0");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int truncate(byte* path, long length);
}
