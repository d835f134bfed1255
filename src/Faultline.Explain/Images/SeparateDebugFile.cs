using System.Buffers.Binary;
using Faultline.Elf.Sections;
using Faultline.Elf.Sources;

namespace Faultline.Explain.Images;

/// <summary>
/// Finds the separate debug file of an image as gdb does (GDB manual, "Debugging Information in Separate Files"): by build id, then by
/// .gnu_debuglink. A file found by its build id must have the same, and one found by name the CRC that the link states.
/// </summary>
internal static class SeparateDebugFile
{
    private const string GlobalFolder = "/usr/lib/debug";
    private const int LongestLink = 4096;
    private const long LargestChecked = 1L << 31;

    /// <summary>The debug file of an image, opened; null when there is none.</summary>
    public static ImageFile? Find(ImageFile image)
    {
        string? id = image.Elf.Notes.GetBuildId();
        if (id is { Length: > 2 }
            && Open(Path.Combine(GlobalFolder, ".build-id", id[..2], id[2..] + ".debug"), image) is { } byId
            && (byId.Elf.Notes.GetBuildId() == id || Close(byId)))
            return byId;
        if (!TryReadLink(image, out string name, out uint crc))
            return null;
        string folder = Path.GetDirectoryName(Path.GetFullPath(image.Name)) ?? "/";
        ReadOnlySpan<string> candidates =
        [
            Path.Combine(folder, name), Path.Combine(folder, ".debug", name), Path.Combine(GlobalFolder, folder.TrimStart('/'), name),
        ];
        foreach (string candidate in candidates)
        {
            if (Open(candidate, image) is { } found && ((id is not null && found.Elf.Notes.GetBuildId() == id) || HasCrc(found, crc) || Close(found)))
                return found;
        }
        return null;
    }

    /// <summary>.gnu_debuglink: a file name, NUL, padding to 4 bytes, and the CRC of the whole file.</summary>
    public static bool TryReadLink(ImageFile image, out string name, out uint crc)
    {
        name = "";
        crc = 0;
        int index = image.Elf.Sections.Find(".gnu_debuglink");
        if (index < 0 || SectionContents.Open(image.Elf, index, out _) is not { Length: >= 6 and <= LongestLink } contents)
            return false;
        name = contents.ReadString(0, (ulong)contents.Length) ?? "";
        Span<byte> bytes = stackalloc byte[4];
        bool isRead = contents.TryReadExactly((ulong)contents.Length - 4, bytes);
        crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        // The link names a file beside others; anything with a folder in it is not one.
        return isRead && name.Length != 0 && Path.GetFileName(name) == name && name is not ("." or "..");
    }

    private static ImageFile? Open(string path, ImageFile image)
    {
        bool isItself = Path.GetFullPath(path) == Path.GetFullPath(image.Name);
        return isItself || !File.Exists(path) ? null : ImageOpener.OpenImage(path, out _);
    }

    private static bool Close(ImageFile image)
    {
        image.Dispose();
        return false;
    }

    private static bool HasCrc(ImageFile image, uint crc)
    {
        IElfSource source = image.Elf.Source;
        if (source.Length > LargestChecked)
            return false;
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xedb88320 : value >> 1;
            table[i] = value;
        }
        uint sum = uint.MaxValue;
        byte[] buffer = new byte[1 << 16];
        for (long at = 0; at < source.Length;)
        {
            int count = source.Read(at, buffer);
            if (count <= 0)
                return false;
            foreach (byte part in buffer.AsSpan(0, count))
                sum = table[(byte)(sum ^ part)] ^ (sum >> 8);
            at += count;
        }
        return ~sum == crc;
    }
}
