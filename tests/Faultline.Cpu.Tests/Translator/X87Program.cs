using Faultline.Cpu.Tests.Differential;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>
/// A loop of random x87 instructions with a way around some of them. Registers are pushed and popped so that the stack neither overflows nor runs dry, and numbers are
/// mostly ordinary, since that is what translated code does itself; now and then neither is so.
/// </summary>
internal sealed unsafe class X87Program
{
    /// <summary>Bytes of memory that programs use.</summary>
    public const int DataSize = 16 * Slots;

    private const int Slots = 32;

    private static readonly Code[] s_loads =
    [
        Code.Fld_m32fp, Code.Fld_m64fp, Code.Fld_m64fp, Code.Fld_m80fp, Code.Fild_m16int, Code.Fild_m32int, Code.Fild_m64int, Code.Fld_sti, Code.Fld_sti,
        Code.Fld1, Code.Fldz, Code.Fldpi, Code.Fldl2e, Code.Fldl2t, Code.Fldlg2, Code.Fldln2,
    ];

    private static readonly Code[] s_pops =
    [
        Code.Fstp_m32fp, Code.Fstp_m64fp, Code.Fstp_m80fp, Code.Fistp_m16int, Code.Fistp_m32int, Code.Fistp_m64int, Code.Fisttp_m16int, Code.Fisttp_m32int, Code.Fisttp_m64int,
        Code.Fstp_sti, Code.Fstp_sti, Code.Faddp_sti_st0, Code.Fmulp_sti_st0, Code.Fsubp_sti_st0, Code.Fsubrp_sti_st0, Code.Fdivp_sti_st0, Code.Fdivrp_sti_st0,
        Code.Fcomp_st0_sti, Code.Fucomp_st0_sti, Code.Fcomip_st0_sti, Code.Fucomip_st0_sti, Code.Fcomp_m64fp, Code.Ficomp_m32int, Code.Fpatan,
    ];

    private static readonly Code[] s_others =
    [
        Code.Fadd_st0_sti, Code.Fmul_st0_sti, Code.Fsub_st0_sti, Code.Fsubr_st0_sti, Code.Fdiv_st0_sti, Code.Fdivr_st0_sti,
        Code.Fadd_sti_st0, Code.Fmul_sti_st0, Code.Fsub_sti_st0, Code.Fsubr_sti_st0, Code.Fdiv_sti_st0, Code.Fdivr_sti_st0,
        Code.Fadd_m32fp, Code.Fmul_m32fp, Code.Fsub_m32fp, Code.Fsubr_m64fp, Code.Fdiv_m64fp, Code.Fdivr_m64fp, Code.Fadd_m64fp, Code.Fmul_m64fp,
        Code.Fiadd_m32int, Code.Fimul_m16int, Code.Fisubr_m32int, Code.Fidiv_m32int,
        Code.Fxch_st0_sti, Code.Fxch_st0_sti, Code.Fchs, Code.Fabs, Code.Fsqrt, Code.Frndint, Code.Fst_m32fp, Code.Fst_m64fp, Code.Fst_sti, Code.Fist_m32int, Code.Fist_m16int,
        Code.Fcom_st0_sti, Code.Fucom_st0_sti, Code.Fcomi_st0_sti, Code.Fucomi_st0_sti, Code.Ftst, Code.Fxam, Code.Fcom_m32fp, Code.Ficom_m16int,
        Code.Fnstsw_AX, Code.Fnstsw_m2byte, Code.Fnstcw_m2byte, Code.Fnop, Code.Wait, Code.Fnclex, Code.Fcmovb_st0_sti, Code.Fcmovne_st0_sti, Code.Fcmovbe_st0_sti, Code.Fcmovnu_st0_sti,
    ];

    private readonly SplitMix _random;
    private readonly bool _obeys;
    private readonly List<Instruction>[] _parts;
    private readonly byte[] _data = new byte[DataSize];
    private readonly int _rounds;
    private readonly int _startTop;
    private readonly bool _trouble;
    private readonly bool _precise;
    private int _depth;

    /// <summary>Makes the program that follows from a source of random numbers.</summary>
    public X87Program(SplitMix random)
    {
        _random = random;
        _obeys = !random.Chance(10);
        _trouble = random.Chance(20);
        _rounds = 1 + random.Below(60);
        _startTop = random.Below(8);
        _precise = random.Chance(50);
        Budget = 1 + random.Below(50);
        int first = random.Below(4);
        _parts = [Part(0, first), Part(1 + random.Below(12), null), [], []];
        _parts[2] = Part(1 + random.Below(12), _depth);
        _parts[3] = Part(1 + random.Below(12), first);
        Fill();
    }

    /// <summary>Instructions to run at a time, when not all at once.</summary>
    public long Budget { get; }

    /// <summary>Writes the program.</summary>
    public void Write(Assembler a)
    {
        Label loop = a.CreateLabel(), around = a.CreateLabel();
        a.mov(ecx, _rounds);
        Add(_parts[0]);
        a.Label(ref loop);
        Add(_parts[1]);
        a.test(ecx, 1);
        a.jne(around);
        Add(_parts[2]);
        a.Label(ref around);
        Add(_parts[3]);
        a.add(edx, eax);
        a.dec(ecx);
        a.jne(loop);

        void Add(List<Instruction> part)
        {
            foreach (Instruction instruction in part)
            {
                a.AddInstruction(instruction);
                if (instruction.RflagsWritten != RflagsBits.None)
                    a.seta(al);
            }
        }
    }

    /// <summary>Sets TOP and the memory.</summary>
    public void Prepare(GuestCode guest)
    {
        guest.State->X87Top = (byte)_startTop;
        guest.State->X87Status = (ushort)(_precise ? 0x20 : 0);
        Assert.Equal(DataSize, guest.Memory.Write(GuestCode.DataStart, _data, out _));
    }

    /// <summary>Fills the memory with numbers; which slot has which format follows from its number.</summary>
    private void Fill()
    {
        for (int i = 0; i < Slots; i++)
        {
            Span<byte> slot = _data.AsSpan(16 * i, 16);
            switch (i & 3)
            {
                case 0:
                    BitConverter.TryWriteBytes(slot, (float)Number(_random));
                    break;
                case 1:
                    BitConverter.TryWriteBytes(slot, Number(_random));
                    break;
                case 2:
                    BitConverter.TryWriteBytes(slot, _random.Next() | 1UL << 63);
                    BitConverter.TryWriteBytes(slot[8..], (ushort)(0x3ff0 + _random.Below(32) | _random.Below(2) << 15));
                    break;
                default:
                    BitConverter.TryWriteBytes(slot, (long)_random.Next() >> _random.Below(64));
                    break;
            }
        }
    }

    private double Number(SplitMix random)
    {
        if (_trouble && random.Chance(10))
            return random.Pick<double>([0, -0.0, double.NaN, double.PositiveInfinity, 5e-324, double.MaxValue, double.Epsilon * 77]);
        double value = (1 + random.Below(1 << 20) / 1048576.0) * Math.Pow(2, random.Below(12) - 6);
        return random.Chance(50) ? value : -value;
    }

    /// <summary>So many random instructions, and then as many as it takes until so many registers are in use.</summary>
    private List<Instruction> Part(int length, int? end)
    {
        List<Instruction> part = [];
        for (int i = 0; i < length; i++)
            Append(part, _depth < 2 || (_depth < 6 && _random.Chance(25)) ? s_loads : _depth > 2 && _random.Chance(25) ? s_pops : s_others);
        while (_depth < end)
            Append(part, s_loads);
        while (_depth > end)
            Append(part, s_pops);
        return part;
    }

    private void Append(List<Instruction> part, Code[] codes)
    {
        Code code = codes[_random.Below(codes.Length)];
        // At the bottom of the stack nothing with two registers will do.
        if (_depth == 1 && codes == s_pops)
            code = Code.Fstp_m64fp;
        if (_depth == 0 && code == Code.Fld_sti)
            code = Code.Fldz;
        OpCodeInfo info = code.ToOpCode();
        Register other = Register.ST0 + (_obeys ? _random.Below(Math.Max(1, _depth)) : _random.Below(8));
        Instruction instruction = new() { Code = code };
        for (int i = 0; i < info.OpCount; i++)
        {
            switch (info.GetOpKind(i))
            {
                case OpCodeOperandKind.st0:
                    instruction.SetOpRegister(i, Register.ST0);
                    break;
                case OpCodeOperandKind.sti_opcode:
                    instruction.SetOpRegister(i, other);
                    break;
                case OpCodeOperandKind.mem:
                    instruction.SetOpKind(i, OpKind.Memory);
                    instruction.MemoryBase = Register.None;
                    instruction.MemoryDisplSize = 4;
                    instruction.MemoryDisplacement64 = GuestCode.DataStart + 16 * (ulong)SlotFor(instruction);
                    break;
                default:
                    instruction.SetOpRegister(i, Register.AX);
                    break;
            }
        }
        part.Add(instruction);
        _depth += codes == s_loads ? 1 : codes == s_pops ? -1 : 0;
    }

    private int SlotFor(in Instruction instruction) => 4 * _random.Below(Slots / 4) + instruction.MemorySize switch
    {
        MemorySize.Float32 => 0,
        MemorySize.Float64 => 1,
        MemorySize.Float80 => 2,
        _ => 3,
    };
}
