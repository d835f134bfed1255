using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>A <see cref="TreeDirectory"/> as walks and contexts hold it. Kept alive by the garbage collector: references are not counted.</summary>
internal sealed class TreeDirectoryNode(TreeDirectory directory) : DirectoryNode(directory.FileSystem)
{
    /// <summary>The directory.</summary>
    public TreeDirectory Tree { get; } = directory;

    /// <inheritdoc/>
    public override string Path => Tree.Path;

    /// <inheritdoc/>
    public override string? CurrentPath => Tree.IsRemoved ? null : Tree.Path;

    /// <inheritdoc/>
    public override bool IsRoot => Tree.ParentDirectory is null;

    /// <summary>By inode: directories of /proc are made anew by every walk.</summary>
    public override bool IsSame(DirectoryNode other) =>
        other is TreeDirectoryNode node && ReferenceEquals(node.FileSystem, FileSystem) && node.Tree.Inode == Tree.Inode;
}
