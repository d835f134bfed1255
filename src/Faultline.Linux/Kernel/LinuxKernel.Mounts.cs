using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Dev;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Proc;
using Faultline.Linux.Fs.Sys;
using Faultline.Linux.Fs.Temporary;
using Faultline.Linux.Vfs;
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
        if (Options.Root == "/")
            return;
        // A folder of one's own need not have what every program expects.
        Vfs.Mount("sys", () => new SystemFileSystem(this));
        if (Vfs.HostFiles.Stat(Vfs.Root, "tmp", out _) < 0)
            Vfs.Mount("tmp", () => new TemporaryFileSystem(Vfs.HostFiles, deviceMinor: 8));
    }

    /// <summary>Mounts the folders of <see cref="LinuxKernelOptions.Binds"/>.</summary>
    /// <param name="failed">The one that cannot be, or null.</param>
    /// <returns>0 or a negative errno.</returns>
    public int MountBinds(out Bind? failed)
    {
        for (int i = 0; i < Options.Binds.Count; i++)
        {
            Bind bind = Options.Binds[i];
            failed = bind;
            string place = bind.GuestPath.TrimEnd('/');
            int slash = place.LastIndexOf('/');
            if (slash < 0 || place[(slash + 1)..] is "." or ".." or "")
                return -Errno.EINVAL;
            int result = HostFileSystem.Create(Host, bind.HostFolder, out HostFileSystem? folder, bind.IsReadOnly, Vfs.HostFiles.Mappings);
            if (result < 0)
                return result;
            FsContext context = Vfs.CreateContext(0);
            result = Vfs.FindDirectory(context, context.Root, slash == 0 ? "/" : place[..slash], out DirectoryNode? parent);
            context.Release();
            if (result < 0)
                return result;
            folder!.Text = Vfs.HostFiles.Text;
            // The mount keeps the reference to the directory.
            parent!.FileSystem.Mount(parent, place[(slash + 1)..], () => folder);
        }
        failed = null;
        return 0;
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
