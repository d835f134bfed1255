using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Every call that takes a path, over every shape of path, gives the errno that the host gives.</summary>
public sealed class PathErrorParityTests
{
    private static readonly string _long = new('n', 256);

    private static readonly string[] _paths =
    [
        "file", "file/", "file//", "file/.", "file/..", "file/x", "dir", "dir/", "dir/.", "dir/..", "dir/inner", "dir//inner", "dir/./inner", "dir/sub/..",
        "dir/sub/../inner", "empty", "empty/", "missing", "missing/", "missing/x", "missing/.", "missing/..", ".", "..", "./file", "./missing", "to_file",
        "to_file/", "to_file/x", "to_dir", "to_dir/", "to_dir/inner", "to_dir/.", "to_dir/..", "to_missing", "to_missing/", "to_missing/x", "loop", "loop/",
        "loop/x", "loop_a", "absolute", "absolute/", "absolute/inner", "absolute/missing", "to_file_slash", "to_dir_slash", "to_dir_slash/inner", "dir/up",
        "dir/up/file", "dir/up/missing", "dir/to_file", "c0", "c0/inner", "c1", "c1/inner", "c0/", "c1/", "file/../dir", "dir/../file", "dir/inner/",
    ];

    public static TheoryData<string> Operations =>
    [
        "open", "open-write", "open-directory", "open-path", "open-path-nofollow", "open-nofollow", "open-directory-nofollow", "open-creat", "open-creat-excl",
        "open-creat-nofollow", "open-creat-directory", "open-trunc", "open-tmpfile", "stat", "lstat", "readlink", "mkdir", "mkfifo", "rmdir", "unlink", "chmod",
        "access", "truncate", "rename-from", "rename-to", "rename-onto-empty", "rename-noreplace", "rename-exchange", "link-from", "link-from-follow", "link-to",
        "link-folder-to", "symlink",
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public void GivesTheHostsErrno(string operation)
    {
        List<string> differences = [];
        using TestTree shared = new();
        foreach (string path in (string[])[.. _paths, _long, "dir/" + _long, _long + "/x", "missing/" + _long])
        {
            int host, guest;
            if (ChangesNothing(operation))
            {
                (host, guest) = (OnHost(shared, operation, path), OnGuest(shared, operation, path));
            }
            else
            {
                using (TestTree tree = new())
                    host = OnHost(tree, operation, path);
                using (TestTree tree = new())
                    guest = OnGuest(tree, operation, path);
            }
            if (host != guest)
                differences.Add($"{operation} {path[..Math.Min(path.Length, 40)]}: host {Name(host)}, guest {Name(guest)}");
        }
        Assert.Empty(differences);
    }

    private static bool ChangesNothing(string operation) => operation is "stat" or "lstat" or "readlink" or "access"
        || (operation.StartsWith("open", StringComparison.Ordinal) && (FlagsOf(operation) & (O_CREAT | O_TRUNC)) == 0);

    private static string Name(int result) => result < 0 ? Errno.Name(-result) : $"{result}";

    private static int OnHost(TestTree tree, string operation, string path)
    {
        LinuxHostFiles files = new();
        int at = files.OpenRoot(tree.Folder);
        try
        {
            return operation switch
            {
                "stat" => HostCalls.Stat(at, path, follow: true),
                "lstat" => HostCalls.Stat(at, path, follow: false),
                "readlink" => Math.Min(HostCalls.ReadLink(at, path), 0),
                "mkdir" => HostCalls.MakeDirectory(at, path),
                "mkfifo" => HostCalls.MakeFifo(at, path),
                "rmdir" => HostCalls.Remove(at, path, isDirectory: true),
                "unlink" => HostCalls.Remove(at, path, isDirectory: false),
                "chmod" => HostCalls.ChangeMode(at, path),
                "access" => HostCalls.Access(at, path),
                "truncate" => HostCalls.Truncate(tree.Folder, path),
                "rename-from" => HostCalls.Rename(at, path, "target", 0),
                "rename-to" => HostCalls.Rename(at, "file", path, 0),
                "rename-onto-empty" => HostCalls.Rename(at, "empty", path, 0),
                "rename-noreplace" => HostCalls.Rename(at, "file", path, AtFlags.RENAME_NOREPLACE),
                "rename-exchange" => HostCalls.Rename(at, "file", path, AtFlags.RENAME_EXCHANGE),
                "link-from" => HostCalls.Link(at, path, "target", follow: false),
                "link-from-follow" => HostCalls.Link(at, path, "target", follow: true),
                "link-to" => HostCalls.Link(at, "file", path, follow: false),
                "link-folder-to" => HostCalls.Link(at, "dir", path, follow: false),
                "symlink" => HostCalls.SymbolicLink(at, "anything", path),
                _ => HostCalls.Open(at, path, FlagsOf(operation)),
            };
        }
        finally
        {
            _ = files.Close(at);
        }
    }

    private static int OnGuest(TestTree tree, string operation, string path)
    {
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), "/", out VirtualFileSystem? vfs));
        FsContext context = vfs!.CreateContext(0x12);
        Assert.Equal(0, vfs.FindDirectory(context, context.Root, tree.Folder, out DirectoryNode? at));
        try
        {
            return operation switch
            {
                "stat" => vfs.Stat(context, at!, path, follow: true, out _),
                "lstat" => vfs.Stat(context, at!, path, follow: false, out _),
                "readlink" => vfs.ReadLink(context, at!, path, out _),
                "mkdir" => vfs.MakeDirectory(context, at!, path, 0x1ED),
                "mkfifo" => vfs.MakeNode(context, at!, path, ModeBits.S_IFIFO | 0x1A4, 0),
                "rmdir" => vfs.Remove(context, at!, path, isDirectory: true),
                "unlink" => vfs.Remove(context, at!, path, isDirectory: false),
                "chmod" => vfs.ChangeMode(context, at!, path, 0x1ED, follow: true),
                "access" => vfs.Access(context, at!, path, AtFlags.R_OK, effective: false, follow: true),
                "truncate" => vfs.Truncate(context, at!, path, 3),
                "rename-from" => vfs.Rename(context, at!, path, at!, "target", 0),
                "rename-to" => vfs.Rename(context, at!, "file", at!, path, 0),
                "rename-onto-empty" => vfs.Rename(context, at!, "empty", at!, path, 0),
                "rename-noreplace" => vfs.Rename(context, at!, "file", at!, path, AtFlags.RENAME_NOREPLACE),
                "rename-exchange" => vfs.Rename(context, at!, "file", at!, path, AtFlags.RENAME_EXCHANGE),
                "link-from" => vfs.Link(context, at!, path, at!, "target", follow: false),
                "link-from-follow" => vfs.Link(context, at!, path, at!, "target", follow: true),
                "link-to" => vfs.Link(context, at!, "file", at!, path, follow: false),
                "link-folder-to" => vfs.Link(context, at!, "dir", at!, path, follow: false),
                "symlink" => vfs.MakeSymbolicLink(context, at!, path, "anything"),
                _ => Open(vfs, context, at!, path, FlagsOf(operation)),
            };
        }
        finally
        {
            at!.Release();
            context.Release();
        }
    }

    private static int Open(VirtualFileSystem vfs, FsContext context, DirectoryNode at, string path, int flags)
    {
        int result = vfs.Open(context, at, path, flags, 0x1A4, out OpenFile? file);
        file?.Release();
        return result;
    }

    private static int FlagsOf(string operation) => operation switch
    {
        "open" => O_RDONLY,
        "open-write" => O_WRONLY,
        "open-directory" => O_DIRECTORY,
        "open-path" => O_PATH,
        "open-path-nofollow" => O_PATH | O_NOFOLLOW,
        "open-nofollow" => O_NOFOLLOW,
        "open-directory-nofollow" => O_DIRECTORY | O_NOFOLLOW,
        "open-creat" => O_CREAT | O_WRONLY,
        "open-creat-excl" => O_CREAT | O_EXCL | O_WRONLY,
        "open-creat-nofollow" => O_CREAT | O_NOFOLLOW | O_WRONLY,
        "open-creat-directory" => O_CREAT | O_DIRECTORY,
        "open-trunc" => O_TRUNC | O_WRONLY,
        "open-tmpfile" => O_TMPFILE | O_RDWR,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
