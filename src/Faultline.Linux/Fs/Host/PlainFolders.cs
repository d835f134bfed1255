using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Folders to which only folders lead from the host's root: no symbolic link and nothing of this kernel's own is on the way. Below them one call of the host with the whole path means what a
/// walk would. Thread-safe.
/// </summary>
/// <remarks>
/// What guests rename or remove makes all of it void at once. Programs of the host can put a link in a folder's place meanwhile: the host follows it as the walk would, unless it leads through
/// what is this kernel's own (/proc). Then the file is mostly on another device, which <see cref="Entry.Device"/> shows; the rest is noticed after <see cref="Life"/>.
/// </remarks>
internal sealed class PlainFolders
{
    /// <summary>Milliseconds after which a folder is walked to again.</summary>
    private const long Life = 50;

    /// <summary>A power of two.</summary>
    private const int Slots = 256;

    private static long s_changes;

    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>How often guests have renamed or removed something; to be read before a walk that <see cref="Note"/> is to tell of.</summary>
    public static long Changes => Volatile.Read(ref s_changes);

    /// <summary>A guest's call has renamed something, or removed a directory, and is about to return.</summary>
    public static void Change() => Interlocked.Increment(ref s_changes);

    /// <summary>What is known of a folder.</summary>
    /// <param name="folder">Its path without the first slash.</param>
    /// <returns>Null when it is to be walked to.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry? Find(ReadOnlySpan<byte> folder)
    {
        Entry? entry = Volatile.Read(ref _slots[Slot(folder)]);
        return entry is not null && entry.Changes == Changes && folder.SequenceEqual(entry.Folder) && Environment.TickCount64 < entry.Until ? entry : null;
    }

    /// <summary>A walk from the root has led to a folder through folders alone. It is kept the second time.</summary>
    /// <param name="path">The path without the first slash, one char per byte.</param>
    /// <param name="files">The host's files.</param>
    /// <param name="handle">The folder.</param>
    /// <param name="changes"><see cref="Changes"/> from before the walk.</param>
    public void Note(string path, IHostFiles files, int handle, long changes)
    {
        byte[] folder = KernelText.ToBytes(path);
        ref Entry? slot = ref _slots[Slot(folder)];
        bool isKnown = Volatile.Read(ref slot) is { } known && folder.AsSpan().SequenceEqual(known.Folder);
        if (!isKnown)
            Volatile.Write(ref slot, new Entry(folder, default, changes, 0));
        else if (files.Stat(handle, "", out FileStatus status) == 0)
            Volatile.Write(ref slot, new Entry(folder, (status.DeviceMajor, status.DeviceMinor), changes, Environment.TickCount64 + Life));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ReadOnlySpan<byte> folder)
    {
        // The ends of paths differ most.
        ulong end = 0;
        if (folder.Length >= sizeof(ulong))
            end = MemoryMarshal.Read<ulong>(folder[^sizeof(ulong)..]);
        else
            foreach (byte b in folder)
                end = (end << 8) | b;
        return (int)(((end ^ (uint)folder.Length) * 0x9E3779B97F4A7C15) >> 32) & (Slots - 1);
    }

    /// <summary>One folder.</summary>
    /// <param name="Folder">Its path without the first slash.</param>
    /// <param name="Device">The device it is on.</param>
    /// <param name="Changes"><see cref="PlainFolders.Changes"/> before it was walked to.</param>
    /// <param name="Until">Until when this holds, in <see cref="Environment.TickCount64"/>; zero when it was walked to but once.</param>
    internal sealed record Entry(byte[] Folder, (uint Major, uint Minor) Device, long Changes, long Until);
}
