using Faultline.Linux.Abi;

namespace Faultline.Explain.Decode.Syscalls;

/// <summary>Reads register frames of system calls.</summary>
internal static class SyscallFrame
{
    private const int MaxErrno = 4095, ArgumentCount = 6;

    private static readonly string[][] _x64 = [["rdi"], ["rsi"], ["rdx"], ["r10"], ["r8"], ["r9"]];

    private static readonly string[][] _i386 = [["ebx", "rbx", "bx"], ["ecx", "rcx", "cx"], ["edx", "rdx", "dx"], ["esi", "rsi", "si"], ["edi", "rdi", "di"], ["ebp", "rbp", "bp"]];

    /// <summary>Decodes the dump in a request's text by the ABI that it names.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        string names = string.Join(", ", SyscallAbi.All.Select(abi => abi.Name));
        if (request.Abi is not { } wanted)
            return DecodeOutcome.Fail($"a frame needs its ABI: --abi {names}");
        if (SyscallAbi.Find(wanted) is not { } found)
            return DecodeOutcome.Fail($"no ABI '{ValueText.Shown(wanted)}'; there are {names}");
        if (request.Text is not { } text)
            return DecodeOutcome.Fail("a frame needs the dump of its registers: a file, or standard input");
        RegisterDump dump = RegisterDump.Parse(text);
        return dump.IsEmpty ? DecodeOutcome.Fail("no registers found in the text: NAME: VALUE, NAME = VALUE or NAME 0xVALUE") : Describe(Read(dump, found), dump);
    }

    /// <summary>Reads a frame by an ABI.</summary>
    public static SyscallView Read(RegisterDump dump, SyscallAbi abi) => abi.IsIa64 ? Ia64(dump, abi) : X86(dump, abi);

    private static SyscallView X86(RegisterDump dump, SyscallAbi abi)
    {
        bool is32 = ReferenceEquals(abi, SyscallAbi.Int80);
        string[][] registers = is32 ? _i386 : _x64;
        List<string> notes = [];
        ulong mask = is32 ? uint.MaxValue : ulong.MaxValue;
        ulong? number = dump.First("orig_rax", "orig_eax", "orig_ax");
        ulong? rax = is32 ? dump.First("eax", "rax", "ax") : dump["rax"];
        if (number is null && rax is { } at)
        {
            number = at;
            notes.Add("There is no ORIG_RAX: RAX is taken for the number, which holds before the call, not after it.");
        }
        else if (number is not null && (number & uint.MaxValue) == uint.MaxValue)
        {
            notes.Add("ORIG_RAX is -1: no system call was in progress.");
        }
        long? result = rax is { } value ? (is32 ? (int)value : (long)value) : null;
        bool? isError = result is { } r ? r is < 0 and >= -MaxErrno : null;
        if (result == -Errno.ENOSYS)
            notes.Add("RAX is -ENOSYS: what the kernel puts there before the call, so this is most likely the entry.");
        return new SyscallView
        {
            Abi = abi,
            Number = number & mask & uint.MaxValue,
            Arguments = [.. registers.Select(r => dump.First(r) & mask)],
            Places = [.. registers.Select(r => r.FirstOrDefault(name => dump[name] is not null) ?? r[0])],
            ReturnValue = result,
            IsError = isError,
            StackPointer = is32 ? dump.First("esp", "rsp", "sp") : dump.First("rsp", "sp"),
            InstructionPointer = is32 ? dump.First("eip", "rip", "ip") : dump.First("rip", "ip"),
            Notes = notes,
        };
    }

    private static SyscallView Ia64(RegisterDump dump, SyscallAbi abi)
    {
        List<string> notes = [];
        Ia64Frame frame = new(dump);
        bool isBreak = ReferenceEquals(abi, SyscallAbi.Ia64Break);
        ulong? number = dump["r15"];
        if (number is null && frame[0] is { } first && IsIa64Number(first))
        {
            number = first;
            notes.Add($"The dump has no r15; {frame.Describe(0)} is taken for the number, as the C library's wrapper has it in its first register.");
        }
        int skip = 0;
        if (isBreak)
        {
            skip = frame.Locals ?? (frame[0] is { } local && local == number ? 1 : 0);
            if (frame.Locals is null)
                notes.Add(skip == 0 ? "The dump has no cr.ifs, which counts the locals; none are assumed." : "The dump has no cr.ifs, which counts the locals; one is assumed, for it holds the number.");
        }
        else if (frame.Locals is > 0 and var locals)
        {
            notes.Add($"cr.ifs counts {locals} local{(locals == 1 ? "" : "s")}: EPC makes frames without any.");
        }
        ulong? r8 = dump["r8"], r10 = dump["r10"];
        bool? isError = r10 is { } flag ? flag == ulong.MaxValue : null;
        long? result = r8 is { } value && isError is { } failed ? (failed ? -(long)value : (long)value) : null;
        if (isError == true)
            notes.Add($"r10 is -1: an error, and r8 holds the errno as a positive number; ptrace's rval is its negative.");
        return new SyscallView
        {
            Abi = abi,
            Number = number,
            Arguments = [.. Enumerable.Range(skip, ArgumentCount).Select(i => frame[i])],
            Places = [.. Enumerable.Range(skip, ArgumentCount).Select(frame.Describe)],
            ReturnValue = result,
            IsError = isError,
            StackPointer = dump["r12"],
            InstructionPointer = dump.First("cr.iip", "iip", "ip"),
            Notes = notes,
        };
    }

    /// <summary>Whether a value is one of ia64's system call numbers.</summary>
    public static bool IsIa64Number(ulong value) => value <= int.MaxValue && SyscallAbi.Ia64Epc.Names.ByNumber.ContainsKey((int)value);

    private static Decoded Describe(SyscallView view, RegisterDump dump)
    {
        List<DecodedField> fields =
        [
            new("", "arch", $"0x{view.Abi.AuditArch:x}", $"AUDIT_ARCH of {view.Abi.Names.Name}"),
            new("", "instruction_pointer", Hex(view.InstructionPointer), ""),
            new("", "stack_pointer", Hex(view.StackPointer), view.Abi.IsIa64 ? "r12, the memory stack; not ar.bspstore" : ""),
            new("", "entry.nr", view.Number is { } number ? $"{number}" : "not in the dump", view.Name ?? (view.Number is null ? "" : "no such call")),
        ];
        for (int i = 0; i < view.Arguments.Count; i++)
            fields.Add(new("", $"entry.args[{i}]", Hex(view.Arguments[i]), view.Places[i]));
        fields.Add(new("", "exit.rval", view.ReturnValue is { } result ? $"{result}" : "not in the dump", view is { IsError: true, ReturnValue: { } failed } ? $"-{Errno.Name((int)Math.Min(MaxErrno + 1, -failed))}" : ""));
        fields.Add(new("", "exit.is_error", view.IsError is { } error ? (error ? "1" : "0") : "not in the dump", ""));
        return new Decoded
        {
            Title = $"system call frame, {view.Abi.Name}: {view.Name ?? "unknown call"}",
            Source = $"ptrace(2), PTRACE_GET_SYSCALL_INFO; {view.Abi.Source}",
            Fields = fields,
            Notes = view.Notes,
            Findings = SyscallFrameCheck.Check(dump, view.Abi),
        };
    }

    private static string Hex(ulong? value) => value is { } v ? $"0x{v:x}" : "not in the dump";
}
