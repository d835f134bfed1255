using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>A directory of a <see cref="TreeFileSystem"/>.</summary>
internal abstract class TreeDirectory : TreeNode
{
    /// <summary>Makes a directory below another, or the root.</summary>
    protected TreeDirectory(TreeFileSystem fileSystem, TreeDirectory? parent, string name, uint permissions, ulong inode = 0)
        : base(fileSystem, ModeBits.S_IFDIR | permissions, inode)
    {
        ParentDirectory = parent;
        Name = name;
        Links = 2;
        Node = new TreeDirectoryNode(this);
    }

    /// <summary>The directory above; null for the root. Changes when the directory is moved.</summary>
    public TreeDirectory? ParentDirectory { get; set; }

    /// <summary>Its name there.</summary>
    public string Name { get; set; }

    /// <summary>Removed from its parent.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>What walks hold.</summary>
    public TreeDirectoryNode Node { get; }

    /// <summary>The path from the root of the file system.</summary>
    public string Path => ParentDirectory is null ? "/" : Vfs.FileSystem.Join(ParentDirectory.Path, Name);

    /// <summary>The entry of a name, or null.</summary>
    public abstract TreeNode? Find(string name);

    /// <summary>All entries but <c>.</c> and <c>..</c>, in a stable order.</summary>
    public abstract List<(string Name, TreeNode Node)> List();

    /// <inheritdoc/>
    public override int Step(out WalkStep step)
    {
        step = new WalkStep { Directory = Node };
        return 0;
    }

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = new TreeDirectoryFile(this, flags, path);
        return 0;
    }
}
