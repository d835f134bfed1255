using System.Globalization;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Pty;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Dev;

/// <summary>
/// /dev/tty: the terminal that controls the opener's session. For the session this process was started in that is the host's, when one is among the standard
/// streams. Without one it gives ENXIO.
/// </summary>
internal sealed class ControllingTerminal(TreeFileSystem fileSystem, HostFileSystem files, int handle, TerminalDirectory slaves, TerminalTable table)
    : TreeNode(fileSystem, ModeBits.S_IFCHR | 0x1B6)
{
    /// <inheritdoc/>
    public override (uint Major, uint Minor) Device => (5, 0);

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        if (Task.Current is { } task)
        {
            if (table.Of(task.Process) is { } terminal)
                return slaves.NodeOf(terminal).Open(flags, string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{terminal.Number}"), out file);
            if (!table.HasHostTerminal(task.Process))
                return -Errno.ENXIO;
        }
        return handle < 0 ? -Errno.ENXIO : Reopen(files, handle, flags, out file);
    }

    /// <summary>Opens the terminal behind a host handle anew.</summary>
    public static int Reopen(HostFileSystem files, int handle, int flags, out OpenFile? file)
    {
        file = null;
        if (HostFile.OfInherited(files, handle) is not { } inherited)
            return -Errno.ENXIO;
        int result = inherited.Reopen(flags, out file);
        inherited.Release();
        return result;
    }
}
