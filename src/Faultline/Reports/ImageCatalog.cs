using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;
using Faultline.Elf.Unwind;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader;
using Faultline.Linux.Loader.Vdso;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Reports;

/// <summary>Finds the ELF file behind a guest address, opening each file once, as the guest sees it.</summary>
internal sealed class ImageCatalog(Process process, Mapping[] mappings) : IDisposable
{
    private readonly Dictionary<string, Image?> _images = [];
    private readonly List<OpenFile> _files = [];

    /// <summary>The mappings that addresses are looked up in.</summary>
    public Mapping[] Mappings { get; set; } = mappings;

    /// <summary>The mapping of an address, or null.</summary>
    public Mapping? MappingOf(ulong address) => Array.Find(Mappings, m => m.Contains(address));

    /// <summary>The image an address belongs to and how far it was moved from its link-time addresses.</summary>
    public bool TryFind(ulong address, out Image image, out ulong bias)
    {
        image = null!;
        bias = 0;
        if (MappingOf(address) is not { Source: { } source } mapping)
            return false;
        Image? opened = source is VdsoPages vdso ? OpenVdso(vdso) : mapping.Name.StartsWith('/') ? Open(mapping.Name) : null;
        if (opened is null)
            return false;
        ulong offset = address - mapping.Start + mapping.Offset;
        foreach (ref readonly ProgramHeader segment in opened.File.ProgramHeaders)
        {
            bool covers = segment.p_type == SegmentType.PT_LOAD
                && offset >= GuestPage.Floor(segment.p_offset) && offset < GuestPage.Ceiling(segment.p_offset + segment.p_filesz);
            if (!covers)
                continue;
            image = opened;
            bias = address - (offset - segment.p_offset + segment.p_vaddr);
            return true;
        }
        return false;
    }

    /// <summary>An address as symbol+offset (file+offset), as far as can be told.</summary>
    public string Describe(ulong address, bool isReturnAddress)
    {
        // A return address may be the first byte of the next function: the call before it is meant.
        ulong back = isReturnAddress ? 1UL : 0;
        ulong lookup = address - back;
        if (MappingOf(lookup) is not { } mapping)
            return "not mapped";
        string name = mapping.Name.Length == 0 ? "anonymous memory" : GuestText.FromKernel(mapping.Name);
        string place = $"{name}+0x{lookup - mapping.Start + mapping.Offset + back:x}";
        if (TryFind(lookup, out Image image, out ulong bias) && image.File.Symbols.TryFind(lookup - bias, out var symbol, out ulong offset))
            return $"{symbol.Name}+0x{offset + back:x} ({place})";
        return place;
    }

    /// <summary>An address in code as symbol+offset, else as file+offset, with the file's name only; null when it is in no file.</summary>
    public string? Name(ulong address)
    {
        if (MappingOf(address) is not { Name.Length: > 0 } mapping)
            return null;
        if (TryFind(address, out Image image, out ulong bias) && image.File.Symbols.TryFind(address - bias, out var symbol, out ulong offset))
            return $"{symbol.Name}+0x{offset:x}";
        string file = GuestText.FromKernel(mapping.Name);
        return $"{file[(file.LastIndexOf('/') + 1)..]}+0x{address - mapping.Start + mapping.Offset:x}";
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (OpenFile file in _files)
            file.Release();
        _files.Clear();
    }

    private Image? OpenVdso(VdsoPages vdso)
    {
        if (!_images.TryGetValue(VdsoPages.MappingName, out Image? image))
        {
            image = ElfFile.Open(new MemoryElfSource(vdso.Image), out _) is { } elf ? new Image(elf, UnwindTable.Create(elf)) : null;
            _images.Add(VdsoPages.MappingName, image);
        }
        return image;
    }

    /// <summary>The image of a path as the guest sees it, or null.</summary>
    public Image? Open(string path)
    {
        if (_images.TryGetValue(path, out Image? known))
            return known;
        Image? image = null;
        FsContext context = process.FileSystem;
        if (process.Kernel.Vfs.Open(context, context.Root, path, OpenFlags.O_RDONLY, 0, out OpenFile? file) == 0 && file is not null)
        {
            _files.Add(file);
            if (file.Stat(out FileStatus status) == 0 && ElfFile.Open(new FileElfSource(file, status.Size), out _) is { } elf)
                image = new Image(elf, UnwindTable.Create(elf));
        }
        _images.Add(path, image);
        return image;
    }

    /// <summary>An open image.</summary>
    /// <param name="File">The ELF file.</param>
    /// <param name="Unwind">Its unwind table, or null.</param>
    internal sealed record Image(ElfFile File, UnwindTable? Unwind);
}
