using Faultline.Elf.Unwind;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Mm;

namespace Faultline.Reports;

/// <summary>Walks a guest stack by the unwind tables of its images.</summary>
internal sealed class Backtrace(ImageCatalog images, GuestMemory memory) : IMemoryReader
{
    private const int MaxFrames = 64;

    /// <summary>Frames, innermost first. Where tables end, the last line says why.</summary>
    public List<string> Walk(in UserRegs registers)
    {
        List<string> lines = [];
        RegisterSet frame = Start(registers);
        for (int i = 0; i < MaxFrames; i++)
        {
            lines.Add($"#{i,-2} {frame.Rip:x16} {images.Describe(frame.Rip, !frame.IsExactPc)}");
            if (!images.TryFind(frame.LookupPc, out ImageCatalog.Image image, out ulong bias))
            {
                // A jump to nowhere: the address on top of the stack is the most likely return address of the call that made it.
                if (i == 0 && ReturnOnTop(frame, out RegisterSet above))
                {
                    lines.Add("(rip is in no image; the next frame is what lies on top of the stack)");
                    frame = above;
                    continue;
                }
                lines.Add("(ends here: no image there, so no unwind table)");
                return lines;
            }
            UnwindStatus status = UnwindStatus.NoEntry;
            RegisterSet caller = default;
            if (image.Unwind is { } table)
                status = table.Unwind(frame, bias, this, out caller);
            if (status != UnwindStatus.Unwound)
            {
                if (status != UnwindStatus.EndOfStack)
                    lines.Add($"(ends here: {Reason(status)})");
                return lines;
            }
            frame = caller;
        }
        lines.Add($"(ends here: more than {MaxFrames} frames)");
        return lines;
    }

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer) => memory.Read(address, buffer);

    private static string Reason(UnwindStatus status) => status switch
    {
        UnwindStatus.NoEntry => "the file has no unwind table for this address",
        UnwindStatus.BadTable => "the unwind table is malformed",
        _ => "the stack, or a register that the table needs, cannot be read",
    };

    private bool ReturnOnTop(in RegisterSet frame, out RegisterSet caller)
    {
        caller = frame;
        if (!memory.TryRead(frame.Rsp, out ulong address) || !images.TryFind(address - 1, out _, out _))
            return false;
        caller[DwarfRegister.Rip] = address;
        caller[DwarfRegister.Rsp] = frame.Rsp + 8;
        caller.IsExactPc = false;
        return true;
    }

    private static RegisterSet Start(in UserRegs r)
    {
        RegisterSet set = default;
        set[DwarfRegister.Rax] = r.rax;
        set[DwarfRegister.Rdx] = r.rdx;
        set[DwarfRegister.Rcx] = r.rcx;
        set[DwarfRegister.Rbx] = r.rbx;
        set[DwarfRegister.Rsi] = r.rsi;
        set[DwarfRegister.Rdi] = r.rdi;
        set[DwarfRegister.Rbp] = r.rbp;
        set[DwarfRegister.Rsp] = r.rsp;
        set[DwarfRegister.R8] = r.r8;
        set[DwarfRegister.R9] = r.r9;
        set[DwarfRegister.R10] = r.r10;
        set[DwarfRegister.R11] = r.r11;
        set[DwarfRegister.R12] = r.r12;
        set[DwarfRegister.R13] = r.r13;
        set[DwarfRegister.R14] = r.r14;
        set[DwarfRegister.R15] = r.r15;
        set[DwarfRegister.Rip] = r.rip;
        set.IsExactPc = true;
        return set;
    }
}
