using Faultline.Linux.Fs.Tree;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>A directory of a <see cref="TemporaryFileSystem"/>, in which entries come and go.</summary>
internal sealed class TemporaryDirectory(TreeFileSystem fileSystem, TreeDirectory? parent, string name, uint permissions)
    : TreeDirectory(fileSystem, parent, name, permissions)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TreeNode> _entries = [];

    /// <summary>Bytes tmpfs counts for one entry.</summary>
    private const int EntrySize = 20;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public override int Stat(out Vfs.FileStatus status)
    {
        _ = base.Stat(out status);
        status.Size = (_entries.Count + 2) * EntrySize;
        return 0;
    }

    /// <inheritdoc/>
    public override TreeNode? Find(string name)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(name);
    }

    /// <summary>Newest first, as tmpfs lists.</summary>
    public override List<(string Name, TreeNode Node)> List()
    {
        List<(string Name, TreeNode Node)> result = [];
        lock (_lock)
        {
            foreach ((string name, TreeNode node) in _entries)
                result.Add((name, node));
        }
        result.Reverse();
        return result;
    }

    /// <summary>Adds or replaces an entry; what it replaces is the caller's to count down.</summary>
    public void Set(string name, TreeNode node)
    {
        lock (_lock)
            _entries[name] = node;
        if (node is TreeDirectory directory)
        {
            directory.ParentDirectory = this;
            directory.Name = name;
            Links++;
        }
        Modified = Changed = FileSystem.Now;
    }

    /// <summary>Takes an entry out.</summary>
    public void Take(string name)
    {
        TreeNode? node;
        lock (_lock)
            _ = _entries.Remove(name, out node);
        if (node is TreeDirectory)
            Links--;
        Modified = Changed = FileSystem.Now;
    }
}
