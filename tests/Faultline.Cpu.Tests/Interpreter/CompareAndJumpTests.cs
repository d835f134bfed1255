using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Interpreter;

/// <summary>CMP or TEST with a conditional jump behind it is one step of the interpreter: it goes where SETcc says that it should, and leaves the flags of the comparison.</summary>
public sealed unsafe class CompareAndJumpTests
{
    private const ulong Data = GuestCode.DataStart + 0x100;

    private static readonly ulong[] s_values =
        [0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue, 0x8080_8080_8080_8080];

    public static TheoryData<Code> Comparisons() =>
    [
        Code.Cmp_rm8_r8, Code.Cmp_rm16_r16, Code.Cmp_rm32_r32, Code.Cmp_rm64_r64, Code.Cmp_r8_rm8, Code.Cmp_r16_rm16, Code.Cmp_r32_rm32, Code.Cmp_r64_rm64,
        Code.Cmp_rm8_imm8, Code.Cmp_rm16_imm8, Code.Cmp_rm32_imm8, Code.Cmp_rm64_imm8, Code.Cmp_AL_imm8, Code.Cmp_RAX_imm32,
        Code.Test_rm8_r8, Code.Test_rm16_r16, Code.Test_rm32_r32, Code.Test_rm64_r64, Code.Test_rm8_imm8, Code.Test_rm32_imm32, Code.Test_rm64_imm32,
    ];

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void JumpGoesWhereTheFlagsSay(Code code)
    {
        foreach (Instruction comparison in Forms(code))
        {
            using GuestCode guest = new(engine: ExecutionEngine.Interpreter);
            guest.Assemble(a => Write(a, comparison));
            foreach (ulong first in s_values)
            {
                foreach (ulong second in s_values)
                {
                    guest.State->Rip = GuestCode.CodeStart;
                    guest.State->Gpr[0] = first;
                    guest.State->Gpr[1] = second;
                    guest.State->Gpr[2] = 4;
                    guest.State->Gpr[3] = Data;
                    byte[] memory = BitConverter.GetBytes(second);
                    guest.Memory.Write(Data + 8, memory, out _);
                    guest.Memory.Write(Data + 24, memory, out _);
                    Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
                    Assert.True(guest.State->Gpr[12] == 0, $"{comparison}: {first:x} and {second:x}, conditions {guest.State->Gpr[12]:x}");
                    Assert.True(guest.State->Gpr[13] is not (0 or 0xFFFF));
                }
            }
        }
    }

    /// <summary>The fault is that of the comparison, and the instructions before it are counted; once the page is there, both instructions are executed.</summary>
    [Theory]
    [InlineData(0x5000_0000UL)]
    [InlineData(GuestCode.DataStart + 0x10000 - 3)]
    public void FaultOfTheOperandComesFirst(ulong address)
    {
        using GuestCode guest = new(engine: ExecutionEngine.Interpreter);
        ulong comparison = 0;
        guest.Assemble(a =>
        {
            Label taken = a.CreateLabel();
            a.mov(rbx, address);
            a.mov(eax, 1);
            a.cmp(__qword_ptr[rbx], rax);
            a.jne(taken);
            a.mov(edx, 1);
            a.Label(ref taken);
        });
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        comparison = guest.State->Rip;
        Assert.Equal(2, guest.Processor.InstructionsExecuted);
        Assert.Equal(0UL, guest.State->Gpr[2]);

        ulong page = GuestPage.Floor(guest.State->ExitAddress);
        guest.Map(page, GuestPage.Size, PageProtection.Read | PageProtection.Write);
        Assert.Equal(8, guest.Memory.Write(address, [1, 0, 0, 0, 0, 0, 0, 0], out _));
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        Assert.True(guest.State->Rip > comparison);
        Assert.Equal(1UL, guest.State->Gpr[2]);
        Assert.Equal(6, guest.Processor.InstructionsExecuted);
    }

    /// <summary>A form with its operands in registers, in memory near and far, and as immediates.</summary>
    private static IEnumerable<Instruction> Forms(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        bool immediate = info.Op1Kind is OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8sex16 or OpCodeOperandKind.imm8sex32 or OpCodeOperandKind.imm8sex64
            or OpCodeOperandKind.imm32 or OpCodeOperandKind.imm32sex64;
        Register a = Sized(code, Register.RAX), c = Sized(code, Register.RCX);
        MemoryOperand near = new(Register.RBX, 8), far = new(Register.RBX, Register.RDX, 4, 8, 1);
        if (immediate)
        {
            foreach (int value in (int[])[0, 1, -1, 0x7F, -0x80])
            {
                yield return Instruction.Create(code, a, value);
                if (info.Op0Kind is OpCodeOperandKind.al or OpCodeOperandKind.rax)
                    continue;
                yield return Instruction.Create(code, near, value);
                yield return Instruction.Create(code, far, value);
            }
            yield break;
        }
        yield return Instruction.Create(code, a, c);
        bool memoryFirst = info.Op0Kind is OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem;
        yield return memoryFirst ? Instruction.Create(code, near, a) : Instruction.Create(code, a, near);
        yield return memoryFirst ? Instruction.Create(code, far, a) : Instruction.Create(code, a, far);
    }

    private static Register Sized(Code code, Register register)
    {
        string name = code.ToString();
        int size = name.Contains("8_r8") || name.Contains("r8_") || name.Contains("rm8_imm8") || name.Contains("AL_") ? 1 : name.Contains("16") ? 2 : name.Contains("_rm32") || name.Contains("m32_") ? 4 : 8;
        return size switch
        {
            1 => register == Register.RAX ? Register.AL : Register.CL,
            2 => register == Register.RAX ? Register.AX : Register.CX,
            4 => register == Register.RAX ? Register.EAX : Register.ECX,
            _ => register,
        };
    }

    /// <summary>For each condition: sets bits of R12 where the jump and SETcc, or the flags after each, differ; R13 has the conditions that hold.</summary>
    private static void Write(Assembler a, Instruction comparison)
    {
        a.xor(r12d, r12d);
        a.xor(r13d, r13d);
        for (int condition = 0; condition < 16; condition++)
        {
            Label taken = a.CreateLabel();
            a.AddInstruction(comparison);
            a.AddInstruction(Instruction.Create(SetCode(condition), Register.R10L));
            a.pushfq();
            a.pop(r15);
            a.mov(r9d, 1);
            a.AddInstruction(comparison);
            JumpTo(a, condition, taken);
            a.mov(r9d, 0);
            a.Label(ref taken);
            a.pushfq();
            a.pop(r14);
            a.xor(r14, r15);
            a.or(r12, r14);
            a.movzx(r10d, r10b);
            a.mov(r11d, r10d);
            a.shl(r11d, (byte)condition);
            a.or(r13d, r11d);
            a.xor(r10d, r9d);
            a.shl(r10d, (byte)condition);
            a.or(r12d, r10d);
        }
    }

    private static Code SetCode(int condition) => (Code)((int)Code.Seto_rm8 + condition);

    private static void JumpTo(Assembler a, int condition, Label target)
    {
        Action<Label>[] jumps = [a.jo, a.jno, a.jb, a.jae, a.je, a.jne, a.jbe, a.ja, a.js, a.jns, a.jp, a.jnp, a.jl, a.jge, a.jle, a.jg];
        jumps[condition](target);
    }
}
