namespace Faultline.Elf.Unwind;

/// <summary>What became of one step up the stack.</summary>
internal enum UnwindStatus
{
    /// <summary>The caller's registers were found.</summary>
    Unwound,

    /// <summary>This is the outermost frame: its return address is undefined, or 0.</summary>
    EndOfStack,

    /// <summary>No entry of the table covers the address (assembly without CFI, generated code).</summary>
    NoEntry,

    /// <summary>The table is malformed there, or uses something that x86-64 does not have.</summary>
    BadTable,

    /// <summary>The table needs a register that is not known, or memory that cannot be read.</summary>
    Unreadable,
}
