using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>A file system in memory (tmpfs), for /dev/shm. It holds regular files, directories and symbolic links.</summary>
internal sealed class TemporaryFileSystem : TreeFileSystem
{
    private readonly HostFileSystem _storage;
    private readonly TemporaryDirectory _root;

    /// <summary>Makes an empty file system.</summary>
    /// <param name="storage">Where contents are kept: anonymous files of this host.</param>
    /// <param name="deviceMinor">Its device number.</param>
    public TemporaryFileSystem(HostFileSystem storage, uint deviceMinor)
        : base(storage.Host, deviceMinor)
    {
        _storage = storage;
        _root = new TemporaryDirectory(this, null, "/", 0x3FF);
    }

    /// <inheritdoc/>
    public override string TypeName => "tmpfs";

    /// <inheritdoc/>
    public override long Magic => 0x01021994;

    /// <inheritdoc/>
    public override TreeDirectory RootDirectory => _root;

    /// <inheritdoc/>
    public override int MakeDirectory(DirectoryNode directory, string name, uint mode)
    {
        name = name.TrimEnd('/');
        lock (TreeLock)
        {
            int result = CheckNew(directory, name, out TemporaryDirectory? parent);
            if (result == 0)
                parent!.Set(name, new TemporaryDirectory(this, parent, name, mode));
            return result;
        }
    }

    /// <inheritdoc/>
    public override int MakeNode(DirectoryNode directory, string name, uint mode, ulong device)
    {
        lock (TreeLock)
        {
            int result = CheckNew(directory, name, out TemporaryDirectory? parent);
            if (result < 0)
                return result;
            switch (mode & ModeBits.S_IFMT)
            {
                case ModeBits.S_IFREG:
                    break;
                case ModeBits.S_IFIFO:
                    parent!.Set(name, new TemporaryFifo(this, mode & ModeBits.S_IALLUGO));
                    return 0;
                case ModeBits.S_IFSOCK:
                    parent!.Set(name, new TemporarySocket(this, mode & ModeBits.S_IALLUGO));
                    return 0;
                default:
                    return -Errno.EPERM;
            }
            result = TemporaryFile.Create(this, _storage, mode & ModeBits.S_IALLUGO, out TemporaryFile? file);
            if (result == 0)
                parent!.Set(name, file!);
            return result;
        }
    }

    /// <inheritdoc/>
    public override int MakeSymbolicLink(DirectoryNode directory, string name, string target)
    {
        lock (TreeLock)
        {
            int result = CheckNew(directory, name, out TemporaryDirectory? parent);
            if (result == 0)
                parent!.Set(name, new TreeLink(this, target));
            return result;
        }
    }

    /// <inheritdoc/>
    public override int Link(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName)
    {
        lock (TreeLock)
        {
            int result = Find(oldDirectory, oldName, out TreeNode? node);
            if (result < 0)
                return result;
            result = CheckNew(newDirectory, newName, out TemporaryDirectory? parent);
            if (result < 0)
                return result;
            node!.Links++;
            node.Changed = Now;
            parent!.Set(newName, node);
            return 0;
        }
    }

    /// <inheritdoc/>
    public override int Remove(DirectoryNode directory, string name, bool isDirectory)
    {
        bool slash = name.EndsWith('/');
        name = name.TrimEnd('/');
        lock (TreeLock)
        {
            int result = Find(directory, name, out TreeNode? node);
            if (result < 0)
                return result;
            TemporaryDirectory parent = (TemporaryDirectory)Tree(directory);
            if (isDirectory || slash)
            {
                if (node is not TemporaryDirectory)
                    return -Errno.ENOTDIR;
            }
            if (!isDirectory && node is TreeDirectory)
                return -Errno.EISDIR;
            if (node is TemporaryDirectory { Count: > 0 })
                return -Errno.ENOTEMPTY;
            result = CheckChange(parent, node!);
            if (result < 0)
                return result;
            parent.Take(name);
            Drop(node!);
            return 0;
        }
    }

    /// <inheritdoc/>
    public override int Rename(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName, int flags)
    {
        bool slash = oldName.EndsWith('/') || newName.EndsWith('/');
        oldName = oldName.TrimEnd('/');
        newName = newName.TrimEnd('/');
        lock (TreeLock)
        {
            int result = Find(oldDirectory, oldName, out TreeNode? node);
            if (result < 0)
                return result;
            (TemporaryDirectory from, TemporaryDirectory to) = ((TemporaryDirectory)Tree(oldDirectory), (TemporaryDirectory)Tree(newDirectory));
            TreeNode? target = to.Find(newName);
            result = CheckRename(from, node!, to, target, flags, slash);
            if (result < 0 || ReferenceEquals(node, target))
                return result;
            from.Take(oldName);
            if (target is not null)
                to.Take(newName);
            if ((flags & AtFlags.RENAME_EXCHANGE) != 0)
                from.Set(oldName, target!);
            else if (target is not null)
                Drop(target);
            to.Set(newName, node!);
            node!.Changed = Now;
            return 0;
        }
    }

    /// <inheritdoc/>
    protected override int CreateFile(TreeDirectory directory, string name, uint mode, out TreeNode? node)
    {
        node = null;
        lock (TreeLock)
        {
            int result = CheckNew(directory.Node, name, out TemporaryDirectory? parent);
            if (result < 0)
                return result;
            result = TemporaryFile.Create(this, _storage, mode & ModeBits.S_IALLUGO, out TemporaryFile? file);
            if (result < 0)
                return result;
            parent!.Set(name, file!);
            node = file;
            return 0;
        }
    }

    /// <inheritdoc/>
    protected override int OpenUnnamed(TreeNode directory, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        if (directory is not TemporaryDirectory parent)
            return -Errno.ENOTDIR;
        int result = parent.CheckAccess(AtFlags.W_OK | AtFlags.X_OK);
        if (result == 0)
            result = TemporaryFile.Create(this, _storage, mode & ModeBits.S_IALLUGO, out TemporaryFile? made) is < 0 and int error ? error : made!.OpenUnnamed(flags, out file);
        return result;
    }

    /// <inheritdoc/>
    public override int Link(OpenFile file, DirectoryNode newDirectory, string newName)
    {
        if (file is not TemporaryOpenFile { File: { } node } || !ReferenceEquals(node.FileSystem, this))
            return -Errno.EXDEV;
        lock (TreeLock)
        {
            // A file whose last name is gone stays without one, unless it never had any.
            if (node.Links == 0 && !node.IsLinkable)
                return -Errno.ENOENT;
            int result = CheckNew(newDirectory, newName, out TemporaryDirectory? parent);
            if (result < 0)
                return result;
            node.Links++;
            node.IsLinkable = false;
            node.Changed = Now;
            parent!.Set(newName, node);
            return 0;
        }
    }

    private static int CheckNew(DirectoryNode directory, string name, out TemporaryDirectory? parent)
    {
        parent = (TemporaryDirectory)Tree(directory);
        if (parent.Find(name.TrimEnd('/')) is not null)
            return -Errno.EEXIST;
        if (name.EndsWith('/') || parent.IsRemoved)
            return -Errno.ENOENT;
        return parent.CheckAccess(AtFlags.W_OK | AtFlags.X_OK);
    }

    /// <summary>May an entry be taken out: write permission, and with the sticky bit only by an owner (may_delete).</summary>
    private int CheckChange(TreeDirectory parent, TreeNode node)
    {
        int result = parent.CheckAccess(AtFlags.W_OK | AtFlags.X_OK);
        if (result < 0)
            return result;
        bool sticky = (parent.Mode & ModeBits.S_ISVTX) != 0 && UserId != 0 && UserId != node.UserId && UserId != parent.UserId;
        return sticky ? -Errno.EPERM : 0;
    }

    private int CheckRename(TemporaryDirectory from, TreeNode node, TemporaryDirectory to, TreeNode? target, int flags, bool slash)
    {
        if (target is not null && (flags & AtFlags.RENAME_NOREPLACE) != 0)
            return -Errno.EEXIST;
        if (target is null && (flags & AtFlags.RENAME_EXCHANGE) != 0)
            return -Errno.ENOENT;
        if (slash && node is not TreeDirectory)
            return -Errno.ENOTDIR;
        for (TreeDirectory? above = to; above is not null; above = above.ParentDirectory)
        {
            if (ReferenceEquals(above, node))
                return -Errno.EINVAL;
        }
        if (CheckChange(from, node) is < 0 and int error)
            return error;
        if (target is null)
            return to.CheckAccess(AtFlags.W_OK | AtFlags.X_OK);
        if (CheckChange(to, target) is < 0 and int denied)
            return denied;
        if ((flags & AtFlags.RENAME_EXCHANGE) != 0)
            return 0;
        if (node is TreeDirectory)
            return target is not TemporaryDirectory directory ? -Errno.ENOTDIR : directory.Count > 0 ? -Errno.ENOTEMPTY : 0;
        return target is TreeDirectory ? -Errno.EISDIR : 0;
    }

    private static void Drop(TreeNode node)
    {
        if (node is TreeDirectory directory)
        {
            directory.Links = 0;
            directory.IsRemoved = true;
        }
        else
        {
            node.Links--;
        }
        node.Changed = node.FileSystem.Now;
        node.OnUnlinked();
    }
}
