namespace Faultline.Explain.Values;

/// <summary>The kernel's areas by architecture (Documentation/arch/x86/x86_64/mm.rst; arm64/memory.rst; loongarch/introduction.rst; ia64's asm/page.h).</summary>
internal static class KernelLayout
{
    /// <summary>Where an x86-64 kernel is linked; "Kernel Offset" counts from here.</summary>
    public const ulong LinkBase = 0xffff_ffff_8100_0000;

    /// <summary>First address of the mapping of the x86-64 image.</summary>
    public const ulong ImageFirst = 0xffff_ffff_8000_0000;

    private static readonly KernelArea[] _fixed =
    [
        new(0xffff_fe00_0000_0000, 0xffff_fe7f_ffff_ffff, ValueClass.KernelOther, "CPU entry area (entry stacks, TSS, GDT of each CPU)"),
        new(0xffff_ff00_0000_0000, 0xffff_ff7f_ffff_ffff, ValueClass.KernelOther, "%esp fixup stacks"),
        new(0xffff_ffef_0000_0000, 0xffff_fffe_ffff_ffff, ValueClass.KernelOther, "EFI runtime services"),
        new(ImageFirst, 0xffff_ffff_9fff_ffff, ValueClass.KernelText, "kernel image"),
        new(0xffff_ffff_a000_0000, 0xffff_ffff_bfff_ffff, ValueClass.KernelText, "kernel image moved by address randomisation, or a module without it"),
        new(0xffff_ffff_c000_0000, 0xffff_ffff_feff_ffff, ValueClass.Module, "module area"),
        new(0xffff_ffff_ff00_0000, 0xffff_ffff_ff5f_ffff, ValueClass.KernelOther, "fixmap"),
        new(0xffff_ffff_ff60_0000, 0xffff_ffff_ff60_0fff, ValueClass.KernelOther, "vsyscall page"),
    ];

    private static readonly KernelArea[] _fourLevel =
    [
        new(0xffff_8000_0000_0000, 0xffff_87ff_ffff_ffff, ValueClass.KernelOther, "guard hole, the hypervisor's"),
        new(0xffff_8800_0000_0000, 0xffff_887f_ffff_ffff, ValueClass.KernelOther, "LDT mapping"),
        new(0xffff_8880_0000_0000, 0xffff_c87f_ffff_ffff, ValueClass.DirectMap, "direct map", Moves: true),
        new(0xffff_c900_0000_0000, 0xffff_e8ff_ffff_ffff, ValueClass.Vmalloc, "vmalloc", Moves: true),
        new(0xffff_ea00_0000_0000, 0xffff_eaff_ffff_ffff, ValueClass.KernelOther, "vmemmap (struct page)", Moves: true),
        new(0xffff_ec00_0000_0000, 0xffff_fbff_ffff_ffff, ValueClass.KernelOther, "KASAN shadow", Moves: true),
    ];

    private static readonly KernelArea[] _fiveLevel =
    [
        new(0xff00_0000_0000_0000, 0xff0f_ffff_ffff_ffff, ValueClass.KernelOther, "guard hole, the hypervisor's"),
        new(0xff10_0000_0000_0000, 0xff10_ffff_ffff_ffff, ValueClass.KernelOther, "LDT mapping"),
        new(0xff11_0000_0000_0000, 0xff90_ffff_ffff_ffff, ValueClass.DirectMap, "direct map", Moves: true),
        new(0xffa0_0000_0000_0000, 0xffd1_ffff_ffff_ffff, ValueClass.Vmalloc, "vmalloc", Moves: true),
        new(0xffd4_0000_0000_0000, 0xffd5_ffff_ffff_ffff, ValueClass.KernelOther, "vmemmap (struct page)", Moves: true),
        new(0xffdf_0000_0000_0000, 0xffff_fbff_ffff_ffff, ValueClass.KernelOther, "KASAN shadow", Moves: true),
    ];

    private static readonly KernelArea[] _ia64 =
    [
        new(0xa000_0000_0000_0000, 0xa000_0000_ffff_ffff, ValueClass.KernelOther, "gate page and per-CPU page (region 5)"),
        new(0xa000_0001_0000_0000, 0xa000_0001_ffff_ffff, ValueClass.KernelText, "kernel image (region 5)"),
        new(0xa000_0002_0000_0000, 0xbfff_ffff_ffff_ffff, ValueClass.Vmalloc, "vmalloc and modules (region 5)"),
        new(0xc000_0000_0000_0000, 0xdfff_ffff_ffff_ffff, ValueClass.KernelOther, "uncached physical memory (region 6)"),
        new(0xe000_0000_0000_0000, 0xffff_ffff_fffe_ffff, ValueClass.DirectMap, "direct map (region 7)"),
        new(0x0000_0001_0000_0000, 0x9fff_ffff_ffff_ffff, ValueClass.User, "user address"),
    ];

    private static readonly KernelArea[] _arm64 =
    [
        new(0xffff_0000_0000_0000, 0xffff_7fff_ffff_ffff, ValueClass.DirectMap, "linear map", Moves: true),
        new(0xffff_8000_0000_0000, 0xffff_8000_7fff_ffff, ValueClass.Module, "modules, or the image of an older kernel", Moves: true),
        new(0xffff_8000_8000_0000, 0xffff_fdff_ffff_ffff, ValueClass.Vmalloc, "vmalloc and the kernel image", Moves: true),
        new(0xffff_fe00_0000_0000, 0xffff_ffff_ffff_0000, ValueClass.KernelOther, "vmemmap, PCI I/O and fixed mappings", Moves: true),
        new(0x0000_0001_0000_0000, 0x000f_ffff_ffff_ffff, ValueClass.User, "user address"),
    ];

    private static readonly KernelArea[] _loongArch =
    [
        new(0x8000_0000_0000_0000, 0x8fff_ffff_ffff_ffff, ValueClass.KernelOther, "uncached direct-mapped window"),
        new(0x9000_0000_0000_0000, 0x9fff_ffff_ffff_ffff, ValueClass.DirectMap, "cached direct-mapped window (also the kernel image)"),
        new(0xffff_8000_0000_0000, 0xffff_ffff_ffff_0000, ValueClass.Vmalloc, "modules and vmalloc"),
        new(0x0000_0001_0000_0000, 0x0000_ffff_ffff_ffff, ValueClass.User, "user address"),
    ];

    /// <summary>The area that holds an address, or null.</summary>
    public static KernelArea? Find(ulong address, ValueArchitecture architecture, bool fiveLevel)
    {
        KernelArea[] areas = architecture switch
        {
            ValueArchitecture.Ia64 => _ia64,
            ValueArchitecture.Arm64 => _arm64,
            ValueArchitecture.LoongArch64 => _loongArch,
            _ => fiveLevel ? _fiveLevel : _fourLevel,
        };
        foreach (KernelArea area in architecture == ValueArchitecture.X64 ? _fixed.Concat(areas) : areas)
        {
            if (area.Holds(address))
                return area;
        }
        return null;
    }

    /// <summary>Whether x86-64 accepts an address: bits above the highest implemented one repeat it.</summary>
    public static bool IsCanonical(ulong address, bool fiveLevel)
    {
        int unused = fiveLevel ? 7 : 16;
        return unchecked((ulong)((long)(address << unused) >> unused)) == address;
    }
}
