using Faultline.Linux.Abi;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

// Walking paths on the host.
internal sealed partial class HostFileSystem
{
    /// <inheritdoc/>
    public override int Walk(ref PathWalk walk)
    {
        while (true)
        {
            if (TryStride(ref walk) is < 0 and int error)
                return error;
            int result = Step(ref walk);
            if (result != Continue || !ReferenceEquals(walk.Current.FileSystem, this))
                return result;
        }
    }

    /// <inheritdoc/>
    protected override int Lookup(DirectoryNode directory, string name, out WalkStep step)
    {
        step = default;
        bool inRoot = !IsConfined && ReferenceEquals(directory, _root);
        if (inRoot && _links.Find(name) is { } known)
        {
            step = new WalkStep { Target = known };
            return 0;
        }
        long changes = PlainFolders.Changes;
        int at = Handle(directory);
        int handle = Files.Open(at, name, O_PATH | O_DIRECTORY, 0);
        if (handle >= 0)
        {
            step = new WalkStep { Directory = new HostDirectory(this, handle, Join(directory.Path, name)) };
            return 0;
        }
        if (handle is not (-Errno.ENOTDIR or -Errno.ELOOP))
            return handle;
        int result = Files.ReadLink(at, name, out string target);
        if (result == 0)
        {
            step = new WalkStep { Target = target };
            if (inRoot)
                _links.Note(name, target, changes);
        }
        return result == -Errno.EINVAL ? 0 : result;
    }

    /// <inheritdoc/>
    protected override int Parent(DirectoryNode directory, out DirectoryNode? parent)
    {
        parent = null;
        int handle = Files.Open(Handle(directory), "..", O_PATH | O_DIRECTORY, 0);
        if (handle < 0)
            return handle;
        if (IsConfined && !IsBelowRoot(handle))
        {
            _ = Files.Close(handle);
            return -Errno.ENOENT;
        }
        int slash = directory.Path.LastIndexOf('/');
        parent = new HostDirectory(this, handle, slash <= 0 ? "/" : directory.Path[..slash]);
        return 0;
    }

    /// <summary>
    /// Walks all components but the last in one host call, when no mount is on the way, no component is <c>.</c> or <c>..</c>, and the host
    /// can promise to meet no symbolic link. Otherwise leaves the walk where it is, for <see cref="FileSystem.Step"/> to do one component.
    /// </summary>
    private int TryStride(ref PathWalk walk)
    {
        ReadOnlySpan<char> rest = walk.Path.AsSpan(walk.Position).TrimStart('/');
        int last = rest.TrimEnd('/').LastIndexOf('/');
        if (last <= 0)
            return 0;
        ReadOnlySpan<char> stride = rest[..last].TrimEnd('/');
        if (!IsPlain(stride) || CrossesMount(walk.Current, stride))
            return 0;

        bool fromRoot = ReferenceEquals(walk.Current, _root);
        if (fromRoot && !IsConfined && _links.Find(stride[..(stride.IndexOf('/') is >= 0 and int slash ? slash : stride.Length)]) is not null)
            return 0;
        string path = stride.ToString();
        long changes = PlainFolders.Changes;
        if (fromRoot && _places.Find(path) is { } known)
        {
            NotePlain(path, known.Handle, changes);
            walk.Enter(known);
            walk.Position = walk.Path.Length - rest.Length + stride.Length;
            return 0;
        }
        int handle = Files.OpenBeneath(Handle(walk.Current), path, O_PATH | O_DIRECTORY, 0);
        if (handle < 0)
            return handle is -Errno.ELOOP or -Errno.ENOTDIR or -Errno.ENOSYS or -Errno.EXDEV ? 0 : handle;
        string full = Join(walk.Current.Path, path);
        walk.Enter(new HostDirectory(this, handle, full));
        walk.Position = walk.Path.Length - rest.Length + stride.Length;
        if (fromRoot)
        {
            _places.Note(path);
            NotePlain(path, handle, changes);
        }
        return 0;
    }

    private void NotePlain(string path, int handle, long changes)
    {
        if (IsConfined)
            return;
        foreach (Mount mount in Mounts)
        {
            if (mount.Parent.Path.AsSpan(1).SequenceEqual(path))
                return;
        }
        _plain.Note(path, Files, handle, changes);
    }

    /// <summary>Whether a path has only ordinary names, each once separated and none too long.</summary>
    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        while (true)
        {
            int slash = path.IndexOf('/');
            ReadOnlySpan<char> name = slash < 0 ? path : path[..slash];
            if (name is "" or "." or ".." || name.Length > PathWalk.NameMax)
                return false;
            if (slash < 0)
                return true;
            path = path[(slash + 1)..];
        }
    }

    private bool CrossesMount(DirectoryNode from, ReadOnlySpan<char> path)
    {
        foreach (Mount mount in Mounts)
        {
            ReadOnlySpan<char> at = Join(mount.Parent.Path, mount.Name);
            if (from.Path != "/")
            {
                if (!at.StartsWith(from.Path) || at.Length == from.Path.Length || at[from.Path.Length] != '/')
                    continue;
                at = at[from.Path.Length..];
            }
            at = at[1..];
            if (path.StartsWith(at) && (path.Length == at.Length || path[at.Length] == '/'))
                return true;
        }
        return false;
    }
}
