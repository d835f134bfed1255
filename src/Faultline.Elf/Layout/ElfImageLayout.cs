namespace Faultline.Elf.Layout;

/// <summary>
/// What a loader must know about a checked image. All addresses are link-time; a position-independent image is placed by adding
/// one bias to all of them.
/// </summary>
internal sealed partial class ElfImageLayout
{
    private readonly LoadSegment[] _segments;

    private ElfImageLayout(LoadSegment[] segments)
    {
        _segments = segments;
    }

    /// <summary>The PT_LOAD segments in the order of the file, which is the order in which Linux maps them; they may overlap.</summary>
    public ReadOnlySpan<LoadSegment> Segments => _segments;

    /// <summary>How the image is linked.</summary>
    public ElfImageKind Kind { get; private init; }

    /// <summary>Whether a bias is added (ET_DYN).</summary>
    public bool IsPositionIndependent => Kind is ElfImageKind.StaticPie or ElfImageKind.DynamicPie;

    /// <summary>
    /// The interpreter's path in bytes without NUL, or null. Always null for an image opened as an interpreter, whose own PT_INTERP Linux
    /// ignores.
    /// </summary>
    public byte[]? Interpreter { get; private init; }

    /// <summary>
    /// e_entry. Checked against TASK_SIZE only where Linux can do so before it knows the bias: the loader checks the sum of bias and
    /// entry (EINVAL, fatal) for position-independent images that are entered directly.
    /// </summary>
    public ulong Entry { get; private init; }

    /// <summary>
    /// Link-time address of the program headers for AT_PHDR: through the last PT_LOAD that holds e_phoff, or 0 (plus bias) when none does.
    /// </summary>
    public ulong ProgramHeaderAddress { get; private init; }

    /// <summary>e_phnum for AT_PHNUM.</summary>
    public int ProgramHeaderCount { get; private init; }

    /// <summary>First page of the first PT_LOAD. Linux places this one at the base it has chosen and computes the bias from it.</summary>
    public ulong FirstPage => _segments.Length == 0 ? 0 : _segments[0].PageStart;

    /// <summary>First page of the lowest PT_LOAD.</summary>
    public ulong SpanStart { get; private init; }

    /// <summary>From <see cref="SpanStart"/> to the end of the highest PT_LOAD, not rounded (total_mapping_size).</summary>
    public ulong SpanLength { get; private init; }

    /// <summary>
    /// The largest power of two among the p_align of the PT_LOADs, at least a page, or 0 when none is a power of two
    /// (maximum_alignment). It may be absurdly large: placing the image then fails with ENOMEM.
    /// </summary>
    public ulong MaxAlignment { get; private init; }

    /// <summary>End of the highest segment, not rounded: where the program break starts after rounding up (elf_brk).</summary>
    public ulong BreakStart { get; private init; }

    /// <summary>Lowest p_vaddr of an executable segment, for /proc/pid/stat; all ones when there is none, as in Linux.</summary>
    public ulong StartCode { get; private init; } = ulong.MaxValue;

    /// <summary>Highest file-backed end of an executable segment.</summary>
    public ulong EndCode { get; private init; }

    /// <summary>Highest p_vaddr.</summary>
    public ulong StartData { get; private init; }

    /// <summary>Highest file-backed end.</summary>
    public ulong EndData { get; private init; }

    /// <summary>What PT_GNU_STACK says; the last one counts.</summary>
    public StackExecutability Stack { get; private init; }

    /// <summary>PT_TLS, for information: the C library sets it up.</summary>
    public ElfRange? Tls { get; private init; }

    /// <summary>PT_GNU_RELRO, for information: the dynamic linker protects it.</summary>
    public ElfRange? Relro { get; private init; }

    /// <summary>PT_GNU_PROPERTY, for information: Linux on x86-64 does not act on it.</summary>
    public ElfRange? Property { get; private init; }
}
