namespace Faultline.Explain.Values;

/// <summary>What a 64-bit value may be, coarsely: the colour in which a register is shown.</summary>
internal enum ValueClass
{
    /// <summary>Zero.</summary>
    Zero,

    /// <summary>A small number: a size, a count, a flag word.</summary>
    Number,

    /// <summary>An address in the kernel's text.</summary>
    KernelText,

    /// <summary>An address in the kernel's data.</summary>
    KernelData,

    /// <summary>An address in a module.</summary>
    Module,

    /// <summary>An address in the direct map of physical memory.</summary>
    DirectMap,

    /// <summary>An address in the vmalloc area.</summary>
    Vmalloc,

    /// <summary>An address on the task's stack.</summary>
    Stack,

    /// <summary>Another kernel area: vmemmap, the per-processor entry area, fixmap, KASAN's shadow.</summary>
    KernelOther,

    /// <summary>An address in the user half.</summary>
    User,

    /// <summary>Not canonical: any access through it is a general protection fault.</summary>
    NonCanonical,

    /// <summary>A pattern that marks freed, uninitialised or guarded memory.</summary>
    Poison,

    /// <summary>A negative errno.</summary>
    ErrorPointer,

    /// <summary>A 32-bit value whose sign fills the upper half.</summary>
    SignExtended,

    /// <summary>Printable characters.</summary>
    Ascii,

    /// <summary>Nothing that can be told.</summary>
    Unknown,
}
