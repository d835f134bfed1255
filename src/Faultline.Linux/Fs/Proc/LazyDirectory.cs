using Faultline.Linux.Fs.Tree;

namespace Faultline.Linux.Fs.Proc;

/// <summary>A directory whose nodes are made as they are looked up. They have inode numbers of their own making, so that each walk finds the same.</summary>
/// <param name="fileSystem">Where.</param>
/// <param name="parent">The directory above.</param>
/// <param name="name">Its name there.</param>
/// <param name="permissions">Permission bits.</param>
/// <param name="inode">Its inode number.</param>
/// <param name="names">The entries now.</param>
/// <param name="find">Makes the node of an entry; null for a name that is none.</param>
internal sealed class LazyDirectory(
    TreeFileSystem fileSystem, TreeDirectory? parent, string name, uint permissions, ulong inode,
    Func<IEnumerable<string>> names, Func<LazyDirectory, string, TreeNode?> find)
    : TreeDirectory(fileSystem, parent, name, permissions, inode)
{
    /// <summary>The process whose directory this is, or null.</summary>
    public Kernel.Process? Process { get; init; }

    /// <inheritdoc/>
    public override TreeNode? Find(string name) => find(this, name);

    /// <inheritdoc/>
    public override List<(string Name, TreeNode Node)> List()
    {
        List<(string Name, TreeNode Node)> result = [];
        foreach (string entry in names())
        {
            // What ended since it was named is left out.
            if (find(this, entry) is { } node)
                result.Add((entry, node));
        }
        return result;
    }
}
