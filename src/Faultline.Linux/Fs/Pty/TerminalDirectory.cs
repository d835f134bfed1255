using System.Globalization;
using System.Runtime.CompilerServices;
using Faultline.Linux.Fs.Tree;

namespace Faultline.Linux.Fs.Pty;

/// <summary>/dev/pts: slaves of this kernel's terminals, and the terminal of the host that this process was started on.</summary>
internal sealed class TerminalDirectory(TreeFileSystem fileSystem, TreeDirectory parent, TerminalTable table) : TreeDirectory(fileSystem, parent, "pts", 0x1ED)
{
    private readonly List<(string Name, TreeNode Node)> _hostTerminals = [];
    private readonly ConditionalWeakTable<Terminal, SlaveNode> _nodes = [];

    /// <summary>Shows a terminal of the host.</summary>
    public void Add(string name, TreeNode node)
    {
        _hostTerminals.Add((name, node));
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            table.Reserve(number);
    }

    /// <summary>The node of a terminal.</summary>
    public SlaveNode NodeOf(Terminal terminal) => _nodes.GetValue(terminal, made => new SlaveNode(FileSystem, made));

    /// <inheritdoc/>
    public override TreeNode? Find(string name)
    {
        int index = _hostTerminals.FindIndex(entry => entry.Name == name);
        if (index >= 0)
            return _hostTerminals[index].Node;
        bool isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && (name.Length == 1 || name[0] != '0');
        return isNumber && table.Find(number) is { } terminal ? NodeOf(terminal) : null;
    }

    /// <inheritdoc/>
    public override List<(string Name, TreeNode Node)> List()
    {
        List<(string Name, TreeNode Node)> result = [.. _hostTerminals];
        foreach (Terminal terminal in table.Terminals)
            result.Add((terminal.Number.ToString(CultureInfo.InvariantCulture), NodeOf(terminal)));
        return result;
    }
}
