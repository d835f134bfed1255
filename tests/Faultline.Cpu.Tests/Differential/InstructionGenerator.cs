using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Makes an instruction of a form with random legal operands, and arranges registers and memory so that it touches the scratch region.</summary>
internal static unsafe partial class InstructionGenerator
{
    /// <summary>AH with a REX prefix, for one, has no encoding: so many that every form that has one gets it.</summary>
    private const int MaxAttempts = 100;

    /// <summary>
    /// Appends an instruction to a case at <paramref name="ip"/>. Registers that its addresses need are set in the case's state.
    /// </summary>
    /// <param name="random">The case's generator.</param>
    /// <param name="code">The form.</param>
    /// <param name="test">The case.</param>
    /// <param name="ip">Address of the instruction.</param>
    /// <param name="inBlock">Its registers hold whatever earlier instructions left: memory operands must not depend on them.</param>
    /// <returns>False when <see cref="MaxAttempts"/> tries gave no encodable combination.</returns>
    public static bool TryAppend(SplitMix random, Code code, DiffCase test, ulong ip, bool inBlock)
    {
        OpCodeInfo info = code.ToOpCode();
        MachineState saved = test.Initial;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            test.Initial = saved;
            Instruction instruction = new() { Code = code };
            int memory = -1;
            for (int i = 0; i < info.OpCount; i++)
            {
                if (!SetOperand(random, ref instruction, i, info.GetOpKind(i), ip, ref memory))
                    return false;
            }
            if (memory >= 0)
                PlaceMemory(random, ref instruction, info.GetOpKind(memory), test, ip, inBlock);
            SetPrefixes(random, ref instruction, info);

            if (!InstructionCoder.OfThread.TryCode(random, instruction, ip, out Instruction decoded, out ReadOnlySpan<byte> bytes))
                continue;
            if (IsAlignedByVendor(decoded.Mnemonic) && EffectiveAddress.Of(decoded, test.Initial) % 16 != 0)
                continue;
            test.Instructions.Add(decoded);
            test.Bytes.AddRange(bytes);
            if (!inBlock)
                OperandHints.Apply(random, decoded, test);
            return true;
        }
        test.Initial = saved;
        return false;
    }

    /// <summary>Exception type 4 asks for alignment (SDM vol. 2, SHA1MSG1); AMD's processors do not. Only aligned operands are compared.</summary>
    private static bool IsAlignedByVendor(Mnemonic mnemonic) => mnemonic is >= Mnemonic.Sha1msg1 and <= Mnemonic.Sha256rnds2;

    private static void SetPrefixes(SplitMix random, ref Instruction instruction, OpCodeInfo info)
    {
        if (info.CanUseLockPrefix && instruction.Op0Kind == OpKind.Memory && random.Chance(30))
            instruction.HasLockPrefix = true;
        if (info.CanUseRepnePrefix && instruction.IsStringInstruction && random.Chance(30))
            instruction.HasRepnePrefix = true;
        else if (info.CanUseRepPrefix && instruction.IsStringInstruction && random.Chance(50))
            instruction.HasRepPrefix = true;
    }

    private static bool SetOperand(SplitMix random, ref Instruction instruction, int i, OpCodeOperandKind kind, ulong ip, ref int memory)
    {
        switch (kind)
        {
            case OpCodeOperandKind.r8_or_mem:
            case OpCodeOperandKind.r16_or_mem:
            case OpCodeOperandKind.r32_or_mem:
            case OpCodeOperandKind.r64_or_mem:
            case OpCodeOperandKind.mm_or_mem:
            case OpCodeOperandKind.xmm_or_mem:
            case OpCodeOperandKind.ymm_or_mem:
                if (random.Chance(50))
                {
                    instruction.SetOpKind(i, OpKind.Memory);
                    memory = i;
                    return true;
                }
                break;
            case OpCodeOperandKind.mem:
            case OpCodeOperandKind.mem_offs:
                instruction.SetOpKind(i, OpKind.Memory);
                memory = i;
                return true;
            case OpCodeOperandKind.mem_vsib32x:
            case OpCodeOperandKind.mem_vsib64x:
            case OpCodeOperandKind.mem_vsib32y:
            case OpCodeOperandKind.mem_vsib64y:
                instruction.SetOpKind(i, OpKind.Memory);
                memory = i;
                return true;
            case OpCodeOperandKind.seg_rSI:
                instruction.SetOpKind(i, IsNarrow(random, instruction, i) ? OpKind.MemorySegESI : OpKind.MemorySegRSI);
                if (random.Chance(8))
                    instruction.SegmentPrefix = Register.GS;
                return true;
            case OpCodeOperandKind.es_rDI:
                instruction.SetOpKind(i, IsNarrow(random, instruction, i) ? OpKind.MemoryESEDI : OpKind.MemoryESRDI);
                return true;
            case OpCodeOperandKind.seg_rDI:
                instruction.SetOpKind(i, IsNarrow(random, instruction, i) ? OpKind.MemorySegEDI : OpKind.MemorySegRDI);
                return true;
            case OpCodeOperandKind.seg_rBX_al:
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RBX;
                instruction.MemoryIndex = Register.AL;
                return true;
            case OpCodeOperandKind.br64_1:
            case OpCodeOperandKind.br64_4:
                instruction.SetOpKind(i, OpKind.NearBranch64);
                instruction.NearBranch64 = ip + (ulong)(0x20 + random.Below(0x50)) - (random.Chance(30) ? 0x80UL : 0);
                return true;
        }
        if (RegisterOf(random, kind) is Register register && register != Register.None)
        {
            instruction.SetOpKind(i, OpKind.Register);
            instruction.SetOpRegister(i, register);
            return true;
        }
        return SetImmediate(random, ref instruction, i, kind);
    }

    private static bool SetImmediate(SplitMix random, ref Instruction instruction, int i, OpCodeOperandKind kind)
    {
        (OpKind op, int width, bool sign) = kind switch
        {
            OpCodeOperandKind.imm8 => (HasImmediate(instruction, i) ? OpKind.Immediate8_2nd : OpKind.Immediate8, 1, false),
            OpCodeOperandKind.imm8_const_1 => (OpKind.Immediate8, 0, false),
            OpCodeOperandKind.imm8sex16 => (OpKind.Immediate8to16, 1, true),
            OpCodeOperandKind.imm8sex32 => (OpKind.Immediate8to32, 1, true),
            OpCodeOperandKind.imm8sex64 => (OpKind.Immediate8to64, 1, true),
            OpCodeOperandKind.imm16 => (OpKind.Immediate16, 2, false),
            OpCodeOperandKind.imm32 => (OpKind.Immediate32, 4, false),
            OpCodeOperandKind.imm32sex64 => (OpKind.Immediate32to64, 4, true),
            OpCodeOperandKind.imm64 => (OpKind.Immediate64, 8, false),
            _ => (OpKind.Register, -1, false),
        };
        if (width < 0)
            return false;
        ulong value = width == 0 ? 1 : TroubleValues.Integer(random, width);
        if (width == 1 && random.Chance(50))
            value = (ulong)random.Below(256);
        else if (width == 1 && random.Chance(20))
            // About the widths of lanes and registers.
            value = (8UL << random.Below(4)) + (ulong)random.Below(3) - 1;
        if (sign)
            value = (ulong)((long)(value << (64 - 8 * width)) >> (64 - 8 * width));
        if (instruction.Code is Code.Enterq_imm16_imm8 or Code.Enterw_imm16_imm8)
            value = (ulong)random.Below(op == OpKind.Immediate16 ? 256 : 40);
        instruction.SetOpKind(i, op);
        instruction.SetImmediate(i, value);
        return true;
    }

    /// <summary>Whether a string operand has a 32-bit address: one in eight, and both of an instruction alike.</summary>
    private static bool IsNarrow(SplitMix random, in Instruction instruction, int operand)
    {
        for (int i = 0; i < operand; i++)
        {
            if (instruction.GetOpKind(i) is OpKind.MemorySegESI or OpKind.MemoryESEDI)
                return true;
            if (instruction.GetOpKind(i) is OpKind.MemorySegRSI or OpKind.MemoryESRDI)
                return false;
        }
        return random.Chance(12);
    }

    private static bool HasImmediate(in Instruction instruction, int before)
    {
        for (int i = 0; i < before; i++)
        {
            if (instruction.GetOpKind(i) is OpKind.Immediate8 or OpKind.Immediate16)
                return true;
        }
        return false;
    }
}
