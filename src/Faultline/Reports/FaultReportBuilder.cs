using Faultline.Cpu;
using Faultline.Cpu.Table;
using Faultline.Cpu.Text;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Signals;
using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Reports;

/// <summary>Makes a <see cref="FaultReport"/> of what the kernel kept, while the process's memory is still there.</summary>
internal static class FaultReportBuilder
{
    private const ulong InvalidOpcode = 6;
    private const ulong GeneralProtection = 13;
    private const ulong PageFault = 14;

    /// <summary>Builds the report.</summary>
    public static FaultReport Build(Process process, FatalSignal fatal, CpuModel model)
    {
        using ImageCatalog images = new(process, fatal.Mappings);
        UserRegs r = fatal.Registers;
        int signal = fatal.Info.si_signo;
        ulong? address = fatal.IsSynchronous && signal is Sig.SIGSEGV or Sig.SIGBUS or Sig.SIGILL or Sig.SIGFPE or Sig.SIGTRAP ? fatal.Info.si_addr : null;
        ulong symbolStart = 0;
        if (images.TryFind(r.rip, out ImageCatalog.Image image, out ulong bias) && image.File.Symbols.TryFind(r.rip - bias, out _, out ulong offset))
            symbolStart = r.rip - offset;

        string code = Sig.CodeName(signal, fatal.Info.si_code);
        bool isAccess = address is { } at && signal is Sig.SIGSEGV or Sig.SIGBUS && address != r.rip;
        return new FaultReport
        {
            Signal = signal,
            SignalName = Sig.Name(signal),
            Code = code,
            Address = address,
            InstructionPointer = r.rip,
            Summary = Summarize(fatal, code, address, model),
            Thread = $"{fatal.Tid} ({GuestText.FromKernel(fatal.Comm)})",
            Registers = RegistersOf(r),
            Disassembly = CodeListing.Around(fatal.Memory, r.rip, symbolStart),
            CodeMapping = DescribeMapping(fatal.Mappings, r.rip),
            AddressMapping = isAccess ? DescribeMapping(fatal.Mappings, address!.Value) : "",
            Findings = LoadFindings.Of(fatal, images),
            Backtrace = new Backtrace(images, fatal.Memory).Walk(r),
        };
    }

    private static string Summarize(FatalSignal fatal, string code, ulong? address, CpuModel model)
    {
        string text = $"the program was killed by {Sig.Name(fatal.Info.si_signo)} ({code})";
        if (!fatal.IsSynchronous)
            return text;
        if (address is { } at)
            text += $" at 0x{at:x}";
        text += fatal.TrapNumber switch
        {
            PageFault => $": {DescribePageFault(fatal.ErrorCode)}",
            InvalidOpcode => $": {DescribeInvalidOpcode(fatal, model)}",
            GeneralProtection => ": general protection (non-canonical address, misaligned SSE operand or privileged instruction)",
            _ => "",
        };
        return fatal.Explanation.Length > 0 ? $"{text}; {fatal.Explanation}" : text;
    }

    /// <summary>The error code's bits: SDM vol. 3, 4.7.</summary>
    private static string DescribePageFault(ulong errorCode)
    {
        string access = (errorCode & 16) != 0 ? "instruction fetch from" : (errorCode & 2) != 0 ? "store to" : "load from";
        return (errorCode & 1) != 0 ? $"{access} a page whose protection forbids it" : $"{access} a page that is not mapped";
    }

    /// <summary>Names the instruction, and says whether it is none or one that the processor model lacks.</summary>
    private static string DescribeInvalidOpcode(FatalSignal fatal, CpuModel model)
    {
        byte[] bytes = new byte[15];
        int have = fatal.Memory.Read(fatal.Registers.rip, bytes);
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes, 0, have), model.DecoderOptions);
        decoder.IP = fatal.Registers.rip;
        decoder.Decode(out Instruction instruction);
        if (instruction.IsInvalid)
            return $"the bytes {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(have, 8)))} are no instruction";
        string name = $"{InstructionText.Of(instruction)} (bytes {Convert.ToHexStringLower(bytes.AsSpan(0, instruction.Length))})";
        if (instruction.Mnemonic is Mnemonic.Ud0 or Mnemonic.Ud1 or Mnemonic.Ud2)
            return $"the program executed {name}, which is there to raise this";
        InstructionForm form = InstructionTable.Lookup(model.Effective(instruction.Code));
        if (form.Shape == FormShape.None)
            return $"{name} ({string.Join(", ", instruction.CpuidFeatures)}) is not implemented";
        return model.Lacks(form) is { } lacking
            ? $"{name} needs {lacking.ToString().ToUpperInvariant()}, and the processor model {model.Name} does not execute it"
            : $"{name} is not valid with these operands or prefixes";
    }

    private static List<KeyValuePair<string, ulong>> RegistersOf(in UserRegs r) =>
    [
        new("rax", r.rax), new("rbx", r.rbx), new("rcx", r.rcx), new("rdx", r.rdx), new("rsi", r.rsi), new("rdi", r.rdi),
        new("rbp", r.rbp), new("rsp", r.rsp), new("r8", r.r8), new("r9", r.r9), new("r10", r.r10), new("r11", r.r11),
        new("r12", r.r12), new("r13", r.r13), new("r14", r.r14), new("r15", r.r15), new("rip", r.rip), new("rflags", r.eflags),
        new("fs_base", r.fs_base), new("gs_base", r.gs_base),
    ];

    private static string DescribeMapping(Mapping[] mappings, ulong address)
    {
        Mapping? below = null;
        foreach (Mapping mapping in mappings)
        {
            if (mapping.Contains(address))
                return Line(mapping);
            if (mapping.Start > address)
                return below is null ? $"no mapping; the first is {Line(mapping)}" : $"no mapping; between {Line(below)} and {Line(mapping)}";
            below = mapping;
        }
        return below is null ? "no mapping" : $"no mapping; the last is {Line(below)}";
    }

    private static string Line(Mapping m)
    {
        char read = (m.Protection & PageProtection.Read) != 0 ? 'r' : '-';
        char write = (m.Protection & PageProtection.Write) != 0 ? 'w' : '-';
        char execute = (m.Protection & PageProtection.Execute) != 0 ? 'x' : '-';
        string name = m.Name.Length == 0 ? "(anonymous)" : GuestText.FromKernel(m.Name);
        return $"{m.Start:x}-{m.End:x} {read}{write}{execute}{(m.Shared ? 's' : 'p')} {m.Offset:x8} {name}";
    }
}
