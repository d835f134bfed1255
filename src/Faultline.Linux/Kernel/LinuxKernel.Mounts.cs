using Faultline.Linux.Fs.Dev;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Proc;
using Faultline.Memory;

namespace Faultline.Linux.Kernel;

// The file systems that are not the host's.
internal sealed partial class LinuxKernel
{
    partial void MountSpecialFiles()
    {
        Vfs.Mount("proc", () => new ProcFileSystem(this));
        Vfs.Mount("dev", () => new DeviceFileSystem(Vfs.HostFiles, Terminals));
        Vfs.HostFiles.Mappings.Discard = DiscardBeyond;
        Vfs.HostFiles.Text = new TextPages(Frames, Host.Clock);
    }

    /// <summary>Takes away, in all processes, the pages of a file at and beyond a length it is about to have.</summary>
    private void DiscardBeyond(IPageSource source, long length)
    {
        ulong end = GuestPage.Ceiling((ulong)length);
        foreach (Process process in Processes)
        {
            AddressSpace space = process.Mm.Space;
            foreach (Mapping mapping in space.Snapshot())
            {
                if (!ReferenceEquals(mapping.Source, source) || mapping.Offset + mapping.Length <= end)
                    continue;
                ulong first = end > mapping.Offset ? mapping.Start + (end - mapping.Offset) : mapping.Start;
                space.Discard(first, mapping.End);
            }
        }
    }
}
