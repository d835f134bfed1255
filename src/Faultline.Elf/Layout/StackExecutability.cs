namespace Faultline.Elf.Layout;

/// <summary>What PT_GNU_STACK asks for (EXSTACK_ values of Linux).</summary>
internal enum StackExecutability
{
    /// <summary>
    /// No PT_GNU_STACK. On x86-64 since Linux 5.8 nothing becomes executable by this (READ_IMPLIES_EXEC is for 32-bit programs only).
    /// </summary>
    EXSTACK_DEFAULT,

    /// <summary>PT_GNU_STACK without PF_X.</summary>
    EXSTACK_DISABLE_X,

    /// <summary>PT_GNU_STACK with PF_X: the stack, and only the stack, is executable.</summary>
    EXSTACK_ENABLE_X,
}
