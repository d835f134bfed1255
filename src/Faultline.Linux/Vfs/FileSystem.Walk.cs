using Faultline.Linux.Abi;

namespace Faultline.Linux.Vfs;

// Walking component by component, as fs/namei.c does.
internal abstract partial class FileSystem
{
    /// <summary>
    /// Moves a walk forward within this file system.
    /// </summary>
    /// <returns>0 when the walk is done, <see cref="Continue"/> when it goes on in the file system of its new current directory, or an errno.</returns>
    public virtual int Walk(ref PathWalk walk)
    {
        while (true)
        {
            int result = Step(ref walk);
            if (result != Continue || !ReferenceEquals(walk.Current.FileSystem, this))
                return result;
        }
    }

    /// <summary>Walks one component.</summary>
    protected int Step(ref PathWalk walk)
    {
        string path = walk.Path;
        int start = walk.Position;
        while (start < path.Length && path[start] == '/')
            start++;
        if (start == path.Length)
        {
            // Only slashes were left: the path was "/", or a link's target ended here.
            if (walk.Position == 0)
                walk.Last = LastComponent.Root;
            walk.Finish("", trailingSlash: false);
            return 0;
        }

        int end = path.AsSpan(start).IndexOf('/');
        end = end < 0 ? path.Length : start + end;
        int next = end;
        while (next < path.Length && path[next] == '/')
            next++;
        bool isLast = next == path.Length;
        bool trailing = isLast && next > end;
        ReadOnlySpan<char> name = path.AsSpan(start, end - start);

        if (name is ".")
            return StepSelf(ref walk, isLast, next, LastComponent.Dot);
        if (name is "..")
            return StepUp(ref walk) is < 0 and int error ? error : StepSelf(ref walk, isLast, next, LastComponent.DotDot);
        if (trailing && (walk.Flags & LookupFlags.Create) != 0)
            return -Errno.EISDIR;
        if (name.Length > PathWalk.NameMax)
            return -Errno.ENAMETOOLONG;

        walk.Last = LastComponent.Normal;
        FileSystem? mounted = MountedOn(walk.Current, name);
        if (isLast && (walk.Flags & LookupFlags.Parent) != 0)
        {
            walk.IsMountPoint = mounted is not null;
            walk.Finish(name.ToString(), trailing);
            return 0;
        }
        if (mounted is not null)
        {
            if ((walk.Resolve & ResolveFlags.NoMounts) != 0)
                return -Errno.EXDEV;
            mounted.Root.AddReference();
            walk.Enter(mounted.Root);
            return StepSelf(ref walk, isLast, next, LastComponent.Normal);
        }
        bool follow = (walk.Flags & LookupFlags.Follow) != 0 || trailing;
        bool optimistic = (walk.Flags & LookupFlags.Optimistic) != 0 && !trailing;
        if (isLast && (!follow || optimistic))
        {
            walk.Finish(name.ToString(), trailing);
            return 0;
        }
        return StepInto(ref walk, name.ToString(), end, isLast, trailing);
    }

    private static int StepSelf(ref PathWalk walk, bool isLast, int next, LastComponent kind)
    {
        walk.Position = next;
        if (!isLast)
            return Continue;
        walk.Last = kind;
        walk.Finish("", trailingSlash: false);
        return 0;
    }

    private int StepInto(ref PathWalk walk, string name, int end, bool isLast, bool trailing)
    {
        int result = Lookup(walk.Current, name, out WalkStep step);
        if (result == -Errno.ENOENT && isLast)
        {
            // Whether a missing last component is an error is for the caller's operation to say.
            walk.Finish(name, trailing);
            return 0;
        }
        if (result < 0)
            return result;
        if (step.Target is { } target)
            return walk.Follow(target, walk.Path.AsSpan(end)) is < 0 and int error ? error : Continue;
        if (step.Jump is not null || step.JumpDirectory is not null)
            return StepJump(ref walk, step, end, isLast, trailing);
        if (step.Directory is { } directory)
        {
            if (isLast)
            {
                directory.Release();
                walk.Finish(name, trailing);
                return 0;
            }
            walk.Enter(directory);
            walk.Position = end;
            return Continue;
        }
        if (!isLast || trailing)
            return -Errno.ENOTDIR;
        walk.Finish(name, trailing);
        return 0;
    }

    private static int StepJump(ref PathWalk walk, WalkStep step, int end, bool isLast, bool trailing)
    {
        int error = walk.CountLink();
        if (error == 0 && (walk.Resolve & ResolveFlags.NoMagicLinks) != 0)
            error = -Errno.ELOOP;
        // Where a magic link leads is not looked at: it may be anywhere.
        if (error == 0 && (walk.IsScoped || (walk.Resolve & ResolveFlags.NoMounts) != 0))
            error = -Errno.EXDEV;
        if (error < 0)
        {
            step.Jump?.Release();
            step.JumpDirectory?.Release();
            return error;
        }
        DirectoryNode? directory = step.JumpDirectory ?? step.Jump?.Directory;
        if (directory is null)
        {
            if (isLast && !trailing)
            {
                walk.Finish(step.Jump!, trailing);
                return 0;
            }
            step.Jump!.Release();
            return -Errno.ENOTDIR;
        }
        if (step.Jump is { } file)
        {
            directory.AddReference();
            file.Release();
        }
        walk.Enter(directory);
        walk.Position = end;
        if (!isLast)
            return Continue;
        walk.Finish("", trailingSlash: false);
        return 0;
    }

    /// <summary>Moves to the parent directory, never above the walker's root.</summary>
    private static int StepUp(ref PathWalk walk)
    {
        DirectoryNode current = walk.Current;
        if (walk.IsScoped && current.IsSame(walk.Start))
            return (walk.Resolve & ResolveFlags.Beneath) != 0 ? -Errno.EXDEV : 0;
        if (current.IsSame(walk.Context.Root))
            return 0;
        if (current.IsRoot)
        {
            if (current.FileSystem.MountedAt is not { } mount)
                return 0;
            if ((walk.Resolve & ResolveFlags.NoMounts) != 0)
                return -Errno.EXDEV;
            // The parent of a mount's root is the directory that holds the mount point.
            mount.Parent.AddReference();
            walk.Enter(mount.Parent);
            return 0;
        }
        int result = current.FileSystem.Parent(current, out DirectoryNode? parent);
        if (result < 0)
            return result;
        walk.Enter(parent!);
        return 0;
    }
}
