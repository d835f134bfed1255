namespace Faultline.Linux.Fs.Tree;

/// <summary>A directory whose entries are put in while the tree is built, and stay.</summary>
internal sealed class FixedDirectory(TreeFileSystem fileSystem, TreeDirectory? parent, string name, uint permissions)
    : TreeDirectory(fileSystem, parent, name, permissions)
{
    private readonly List<(string Name, TreeNode Node)> _entries = [];

    /// <summary>Adds an entry.</summary>
    public void Add(string name, TreeNode node)
    {
        _entries.Add((name, node));
        if (node is TreeDirectory)
            Links++;
    }

    /// <inheritdoc/>
    public override TreeNode? Find(string name)
    {
        foreach ((string candidate, TreeNode node) in _entries)
        {
            if (candidate == name)
                return node;
        }
        return null;
    }

    /// <inheritdoc/>
    public override List<(string Name, TreeNode Node)> List() => _entries;
}
