using System.Runtime.InteropServices;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// Makes cases with control flow: forward conditional branches, loops with small counts, calls, indirect jumps, pushes and pops around random instructions. What
/// must not change for a case to end (stack pointer, loop counters) is kept from the random instructions.
/// </summary>
internal sealed class FlowGenerator
{
    private const int MaxDepth = 3;
    private const int StackPointer = 4;
    private const RflagsBits Status = RflagsBits.OF | RflagsBits.SF | RflagsBits.ZF | RflagsBits.AF | RflagsBits.CF | RflagsBits.PF;

    /// <summary>Forms that define all status flags.</summary>
    private static readonly Code[] s_setters =
        [Code.Cmp_rm32_r32, Code.Cmp_rm64_imm8, Code.Cmp_r8_rm8, Code.Add_rm32_r32, Code.Sub_r64_rm64, Code.Add_rm16_imm8, Code.Neg_rm32, Code.Sub_rm8_r8, Code.Cmp_r16_rm16];

    private readonly SplitMix _random;
    private readonly DiffCase _test;
    private readonly IReadOnlyList<Code> _forms;
    private readonly IReadOnlyList<Code> _common;
    private readonly Code[] _strings;
    private readonly FlagTracker? _flags;
    private readonly InstructionInfoFactory _information = new();

    /// <summary>Loop counters by depth; no random instruction changes them.</summary>
    private readonly int[] _counters;
    private readonly List<Function> _functions = [];
    private int _left;

    private FlowGenerator(SplitMix random, DiffCase test, IReadOnlyList<Code> forms, IReadOnlyList<Code> common, bool definedOnly)
    {
        _random = random;
        _test = test;
        _forms = forms;
        _common = common;
        _flags = definedOnly ? new FlagTracker() : null;
        _strings = definedOnly ? [] : [.. forms.Where(code => new Instruction { Code = code }.IsStringInstruction)];
        _left = 8 + random.Below(60);
        List<int> pool = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        _counters = new int[MaxDepth];
        for (int i = 0; i < MaxDepth; i++)
        {
            int at = i == 0 && random.Chance(40) ? 1 : random.Below(pool.Count);
            _counters[i] = pool[at];
            pool.RemoveAt(at);
        }
    }

    private ulong Here => _test.Rip + (ulong)_test.Bytes.Count;

    /// <summary>Fills a case.</summary>
    /// <param name="random">The case's generator.</param>
    /// <param name="test">The case; empty.</param>
    /// <param name="forms">What random instructions are made of.</param>
    /// <param name="definedOnly">Whether flags that an instruction leaves undefined may not be read.</param>
    public static void Fill(SplitMix random, DiffCase test, IReadOnlyList<Code> forms, bool definedOnly)
    {
        Code[] common = [.. forms.Where(code => InstructionTable.Lookup(code).Shape is < FormShape.VectorRmw and not FormShape.Whole)];
        new FlowGenerator(random, test, forms, common.Length > 0 ? common : [.. forms], definedOnly).Fill();
    }

    private void Fill()
    {
        Items(0, 3 + _random.Below(10));
        int end = Branch([0xe9]);
        // Functions may call others that are added on the way.
        for (int i = 0; i < _functions.Count; i++)
        {
            _functions[i].Address = Here;
            Undefine(Status);
            Items(_functions[i].Depth, 1 + _random.Below(5));
            Emit([0xc3]);
        }
        Patch(end, Here);
        foreach (Function function in _functions)
        {
            foreach (int call in function.Calls)
                Patch(call, function.Address);
        }
    }

    private void Items(int depth, int count)
    {
        for (int i = 0; i < count && _left > 0; i++)
        {
            _left--;
            int kind = depth >= MaxDepth ? 0 : _random.Below(100);
            switch (kind)
            {
                case < 62:
                    Straight();
                    break;
                case < 66:
                    String();
                    break;
                case < 76:
                    Choice(depth);
                    break;
                case < 88:
                    Loop(depth);
                    break;
                case < 93:
                    Call(depth);
                    break;
                case < 97:
                    int register = Free();
                    Emit(Push(register));
                    Items(depth, 1 + _random.Below(3));
                    Emit(Pop(_random.Chance(50) ? register : Free()));
                    break;
                default:
                    int over = LoadAddress(register = Free());
                    Emit([.. Rex(0, register, wide: false), 0xff, (byte)(0xe0 | (register & 7))]);
                    Straight();
                    Patch(over, Here);
                    break;
            }
        }
    }

    /// <summary>A random instruction, or none when the one drawn does not fit here.</summary>
    private void Straight() => TryAppend(_random.Chance(65) ? _common[_random.Below(_common.Count)] : _forms[_random.Below(_forms.Count)]);

    /// <summary>A string instruction with somewhere to point at.</summary>
    private void String()
    {
        if (_strings.Length == 0)
            return;
        foreach ((int register, int value) in new[] { (1, _random.Below(40)), (6, Place()), (7, Place()) })
        {
            if (!_counters.Contains(register))
                Emit([(byte)(0xb8 | register), .. BitConverter.GetBytes(value)]);
        }
        TryAppend(_strings[_random.Below(_strings.Length)]);

        int Place() => (int)Scratch.Data + _random.Below(0x2c00);
    }

    private bool TryAppend(Code code)
    {
        int before = _test.Bytes.Count;
        if (!InstructionGenerator.TryAppend(_random, code, _test, Here, inBlock: true))
            return false;
        Instruction added = _test.Instructions[^1];
        // The flags that IMUL leaves undefined are the only ones that translated code may have otherwise than the interpreter.
        if (!Spoils(added) && (_flags is not null || added.Mnemonic != Mnemonic.Imul) && (_flags is null ? added.FlowControl == FlowControl.Next : _flags.Accept(added)))
            return true;
        _test.Instructions.RemoveAt(_test.Instructions.Count - 1);
        _test.Bytes.RemoveRange(before, _test.Bytes.Count - before);
        return false;
    }

    private bool Spoils(in Instruction instruction)
    {
        foreach (UsedRegister used in _information.GetInfo(instruction).GetUsedRegisters())
        {
            if (used.Access is OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess || !used.Register.IsGPR())
                continue;
            int number = used.Register.GetFullRegister() - Register.RAX;
            if (number == StackPointer || _counters.Contains(number))
                return true;
        }
        return false;
    }

    /// <summary>A conditional branch over some instructions, or between two ways.</summary>
    private void Choice(int depth)
    {
        if (_random.Chance(10))
        {
            // JRCXZ reaches few bytes: over one instruction.
            Emit([0xe3, 0]);
            int at = _test.Bytes.Count;
            RflagsBits skipped = _flags?.Undefined ?? 0;
            Straight();
            Undefine(skipped);
            _test.Bytes[at - 1] = (byte)(_test.Bytes.Count - at);
            Redecode(at - 2);
            return;
        }
        int condition = DefinedCondition();
        int otherwise = Branch([0x0f, (byte)(0x80 | condition)]);
        RflagsBits before = _flags?.Undefined ?? 0;
        Items(depth, 1 + _random.Below(4));
        if (_random.Chance(40))
        {
            int end = Branch([0xe9]);
            RflagsBits first = _flags?.Undefined ?? 0;
            Patch(otherwise, Here);
            if (_flags is not null)
                _flags.Undefined = before;
            Items(depth, 1 + _random.Below(4));
            Undefine(first);
            Patch(end, Here);
            return;
        }
        Undefine(before);
        Patch(otherwise, Here);
    }

    private void Loop(int depth)
    {
        int counter = _counters[depth];
        int times = 1 + _random.Below(depth == 0 ? 6 : 3);
        Emit([.. Rex(0, counter, wide: false), (byte)(0xb8 | (counter & 7)), (byte)times, 0, 0, 0]);
        bool clean = _random.Chance(60);
        if (!clean)
            Undefine(Status);
        ulong top = Here;
        Items(depth + 1, 1 + _random.Below(6));
        if (clean)
            Define(always: true);
        long back = (long)(top - Here);
        if (counter == 1 && back > -120)
        {
            Emit([0xe2, (byte)(back - 2)]);
            return;
        }
        // DEC, SUB 1 or ADD -1; the first leaves CF.
        Emit(_random.Below(3) switch
        {
            0 => [.. Rex(0, counter, wide: true), 0xff, (byte)(0xc8 | (counter & 7))],
            1 => [.. Rex(0, counter, wide: false), 0x83, (byte)(0xe8 | (counter & 7)), 1],
            _ => [.. Rex(0, counter, wide: true), 0x83, (byte)(0xc0 | (counter & 7)), 0xff],
        });
        Patch(Branch([0x0f, _random.Chance(80) ? (byte)0x85 : (byte)0x8f]), top);
    }

    /// <summary>A call of a new function or of one whose loops use no counter in use here, so that none comes to call itself.</summary>
    private void Call(int depth)
    {
        Function? function = _functions.Find(known => known.Depth > depth && _random.Chance(50));
        if (function is null)
            _functions.Add(function = new Function(depth + 1));
        if (_random.Chance(70))
        {
            function.Calls.Add(Branch([0xe8]));
        }
        else
        {
            int register = Free();
            function.Calls.Add(LoadAddress(register));
            Emit([.. Rex(0, register, wide: false), 0xff, (byte)(0xd0 | (register & 7))]);
        }
        Undefine(Status);
    }

    /// <summary>An instruction that defines all status flags, or sometimes none where that will do.</summary>
    private void Define(bool always)
    {
        if (!always && _random.Chance(40))
            return;
        while (!TryAppend(s_setters[_random.Below(s_setters.Length)]))
        {
        }
    }

    /// <summary>A condition whose flags are defined here.</summary>
    private int DefinedCondition()
    {
        int condition = _random.Below(16);
        RflagsBits read = Decoder.Create(64, [(byte)(0x70 | condition), 0]).Decode().RflagsRead;
        Define(always: _flags is not null && (read & _flags.Undefined) != 0);
        return condition;
    }

    private void Undefine(RflagsBits bits)
    {
        if (_flags is not null)
            _flags.Undefined |= bits;
    }

    /// <summary>A register that may change.</summary>
    private int Free()
    {
        int number;
        do
            number = _random.Below(16);
        while (number == StackPointer || _counters.Contains(number));
        return number;
    }

    /// <summary>LEA of an address to be patched.</summary>
    private int LoadAddress(int register) => Branch([.. Rex(register, 0, wide: true), 0x8d, (byte)(5 | (register & 7) << 3)]);

    private static byte[] Push(int register) => [.. Rex(0, register, wide: false), (byte)(0x50 | (register & 7))];

    private static byte[] Pop(int register) => [.. Rex(0, register, wide: false), (byte)(0x58 | (register & 7))];

    private static byte[] Rex(int reg, int rm, bool wide)
    {
        int prefix = 0x40 | (wide ? 8 : 0) | (reg >> 3 << 2) | (rm >> 3);
        return prefix == 0x40 ? [] : [(byte)prefix];
    }

    /// <summary>An instruction that ends in a 32-bit displacement, which <see cref="Patch"/> sets; returns its offset in the case.</summary>
    private int Branch(ReadOnlySpan<byte> opcode)
    {
        int at = _test.Bytes.Count;
        Emit([.. opcode, 0, 0, 0, 0]);
        return at;
    }

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        _test.Skeleton.Add(Here);
        int at = _test.Bytes.Count;
        _test.Bytes.AddRange(bytes);
        _test.Instructions.Add(DecodeAt(at));
    }

    private void Patch(int at, ulong target)
    {
        Instruction instruction = DecodeAt(at);
        int displacement = (int)(target - instruction.NextIP);
        MemoryMarshal.Write(CollectionsMarshal.AsSpan(_test.Bytes)[(at + instruction.Length - 4)..], displacement);
        Redecode(at);
    }

    private void Redecode(int at)
    {
        Instruction instruction = DecodeAt(at);
        _test.Instructions[_test.Instructions.FindIndex(other => other.IP == instruction.IP)] = instruction;
    }

    private Instruction DecodeAt(int at) =>
        Decoder.Create(64, new ByteArrayCodeReader([.. CollectionsMarshal.AsSpan(_test.Bytes)[at..]]), _test.Rip + (ulong)at).Decode();

    /// <summary>A function of the case, whose code follows the main line's.</summary>
    private sealed class Function(int depth)
    {
        /// <summary>The lowest loop counter that its loops use.</summary>
        public int Depth => depth;

        /// <summary>Offsets of the instructions to be patched with its address.</summary>
        public List<int> Calls { get; } = [];

        /// <summary>Where it is.</summary>
        public ulong Address { get; set; }
    }
}
