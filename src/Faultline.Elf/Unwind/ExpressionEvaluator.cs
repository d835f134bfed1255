using System.Buffers.Binary;

namespace Faultline.Elf.Unwind;

/// <summary>
/// Evaluates the DWARF expressions that call frame information may use (DWARF 5, 2.5 and 6.4.2): a stack of 64-bit numbers,
/// bounded in depth and steps.
/// </summary>
internal sealed class ExpressionEvaluator
{
    private const int MaxDepth = 64;
    private const int MaxSteps = 4096;

    private readonly DwarfCursor _cursor;
    private readonly ulong[] _stack = new ulong[MaxDepth];
    private int _depth;
    private bool _isBad;

    /// <summary>Reads expressions from <paramref name="table"/>.</summary>
    public ExpressionEvaluator(IMemoryReader table)
    {
        _cursor = new DwarfCursor(table);
    }

    /// <summary>Evaluates an expression.</summary>
    /// <param name="expression">Where it is.</param>
    /// <param name="initial">What is on the stack at first (the CFA), or null.</param>
    /// <param name="registers">The frame's registers.</param>
    /// <param name="bias">What to add to addresses in the expression.</param>
    /// <param name="memory">What it may dereference.</param>
    /// <param name="result">The top of the stack at the end.</param>
    /// <returns>Unwound when there is a result; BadTable or Unreadable otherwise.</returns>
    public UnwindStatus Evaluate(
        in RegisterRule expression, ulong? initial, in RegisterSet registers, ulong bias, IMemoryReader memory, out ulong result)
    {
        result = 0;
        _depth = 0;
        _isBad = false;
        if (initial is ulong value)
        {
            Push(value);
        }

        ulong start = expression.Value;
        ulong end = start + expression.Length;
        _cursor.Seek(start, end);
        for (int steps = 0; !_cursor.IsDone; steps++)
        {
            if (steps == MaxSteps)
            {
                return UnwindStatus.BadTable;
            }

            UnwindStatus status = Step(_cursor.U8(), start, end, registers, bias, memory);
            if (status != UnwindStatus.Unwound || _isBad)
            {
                return status == UnwindStatus.Unwound ? UnwindStatus.BadTable : status;
            }
        }

        if (_cursor.Failed || _depth == 0)
        {
            return UnwindStatus.BadTable;
        }

        result = _stack[_depth - 1];
        return UnwindStatus.Unwound;
    }

    private UnwindStatus Step(byte code, ulong start, ulong end, in RegisterSet registers, ulong bias, IMemoryReader memory)
    {
        switch (code)
        {
            case >= DwarfOp.DW_OP_lit0 and <= DwarfOp.DW_OP_lit31:
                Push((ulong)(code - DwarfOp.DW_OP_lit0));
                return UnwindStatus.Unwound;
            case >= DwarfOp.DW_OP_breg0 and <= DwarfOp.DW_OP_breg31:
                return PushRegister((ulong)(code - DwarfOp.DW_OP_breg0), registers);
            case DwarfOp.DW_OP_bregx:
                return PushRegister(_cursor.Uleb(), registers);
            case DwarfOp.DW_OP_addr:
                Push(_cursor.U64() + bias);
                return UnwindStatus.Unwound;
            case DwarfOp.DW_OP_deref:
                return Dereference(8, memory);
            case DwarfOp.DW_OP_deref_size:
                return Dereference(_cursor.U8(), memory);
            case DwarfOp.DW_OP_skip:
                Jump((short)_cursor.U16(), start, end);
                return UnwindStatus.Unwound;
            case DwarfOp.DW_OP_bra:
                short distance = (short)_cursor.U16();
                if (Pop() != 0)
                {
                    Jump(distance, start, end);
                }

                return UnwindStatus.Unwound;
            case DwarfOp.DW_OP_nop:
                return UnwindStatus.Unwound;
            default:
                return PushConstant(code) || Shuffle(code) || ComputeUnary(code) || ComputeBinary(code)
                    ? UnwindStatus.Unwound
                    : UnwindStatus.BadTable;
        }
    }

    private UnwindStatus PushRegister(ulong number, in RegisterSet registers)
    {
        ulong offset = (ulong)_cursor.Sleb();
        if (!registers.TryGet(number, out ulong value))
        {
            return number < RegisterSet.Count ? UnwindStatus.Unreadable : UnwindStatus.BadTable;
        }

        Push(value + offset);
        return UnwindStatus.Unwound;
    }

    private UnwindStatus Dereference(int size, IMemoryReader memory)
    {
        if (size is not (1 or 2 or 4 or 8))
        {
            return UnwindStatus.BadTable;
        }

        ulong address = Pop();
        if (_isBad)
        {
            return UnwindStatus.BadTable;
        }

        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (memory.Read(address, bytes[..size]) != size)
        {
            return UnwindStatus.Unreadable;
        }

        Push(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return UnwindStatus.Unwound;
    }

    private bool PushConstant(byte code)
    {
        switch (code)
        {
            case DwarfOp.DW_OP_const1u:
                Push(_cursor.U8());
                return true;
            case DwarfOp.DW_OP_const1s:
                Push((ulong)(sbyte)_cursor.U8());
                return true;
            case DwarfOp.DW_OP_const2u:
                Push(_cursor.U16());
                return true;
            case DwarfOp.DW_OP_const2s:
                Push((ulong)(short)_cursor.U16());
                return true;
            case DwarfOp.DW_OP_const4u:
                Push(_cursor.U32());
                return true;
            case DwarfOp.DW_OP_const4s:
                Push((ulong)(int)_cursor.U32());
                return true;
            case DwarfOp.DW_OP_const8u or DwarfOp.DW_OP_const8s:
                Push(_cursor.U64());
                return true;
            case DwarfOp.DW_OP_constu:
                Push(_cursor.Uleb());
                return true;
            case DwarfOp.DW_OP_consts:
                Push((ulong)_cursor.Sleb());
                return true;
            default:
                return false;
        }
    }

    private bool Shuffle(byte code)
    {
        switch (code)
        {
            case DwarfOp.DW_OP_dup:
                Pick(0);
                return true;
            case DwarfOp.DW_OP_over:
                Pick(1);
                return true;
            case DwarfOp.DW_OP_pick:
                Pick(_cursor.U8());
                return true;
            case DwarfOp.DW_OP_drop:
                Pop();
                return true;
            case DwarfOp.DW_OP_swap:
                ulong top = Pop();
                ulong second = Pop();
                Push(top);
                Push(second);
                return true;
            case DwarfOp.DW_OP_rot:
                ulong first = Pop();
                ulong next = Pop();
                ulong third = Pop();
                Push(first);
                Push(third);
                Push(next);
                return true;
            default:
                return false;
        }
    }

    private bool ComputeUnary(byte code)
    {
        switch (code)
        {
            case DwarfOp.DW_OP_abs:
                ulong value = Pop();
                Push((long)value < 0 ? 0 - value : value);
                return true;
            case DwarfOp.DW_OP_neg:
                Push(0 - Pop());
                return true;
            case DwarfOp.DW_OP_not:
                Push(~Pop());
                return true;
            case DwarfOp.DW_OP_plus_uconst:
                Push(Pop() + _cursor.Uleb());
                return true;
            default:
                return false;
        }
    }

    private bool ComputeBinary(byte code)
    {
        if (code is not ((>= DwarfOp.DW_OP_and and <= DwarfOp.DW_OP_xor) or (>= DwarfOp.DW_OP_eq and <= DwarfOp.DW_OP_ne)))
        {
            return false;
        }

        ulong right = Pop();
        ulong left = Pop();
        bool isDivision = code is DwarfOp.DW_OP_div or DwarfOp.DW_OP_mod;
        if (isDivision && right == 0)
        {
            return false;
        }

        Push(code switch
        {
            DwarfOp.DW_OP_and => left & right,
            // Signed, and -2^63 / -1 must not trap.
            DwarfOp.DW_OP_div => right == ulong.MaxValue ? 0 - left : (ulong)((long)left / (long)right),
            DwarfOp.DW_OP_minus => left - right,
            DwarfOp.DW_OP_mod => left % right,
            DwarfOp.DW_OP_mul => left * right,
            DwarfOp.DW_OP_or => left | right,
            DwarfOp.DW_OP_plus => left + right,
            DwarfOp.DW_OP_shl => right > 63 ? 0 : left << (int)right,
            DwarfOp.DW_OP_shr => right > 63 ? 0 : left >> (int)right,
            DwarfOp.DW_OP_shra => (ulong)((long)left >> (int)Math.Min(right, 63)),
            DwarfOp.DW_OP_xor => left ^ right,
            DwarfOp.DW_OP_eq => left == right ? 1UL : 0,
            DwarfOp.DW_OP_ge => (long)left >= (long)right ? 1UL : 0,
            DwarfOp.DW_OP_gt => (long)left > (long)right ? 1UL : 0,
            DwarfOp.DW_OP_le => (long)left <= (long)right ? 1UL : 0,
            DwarfOp.DW_OP_lt => (long)left < (long)right ? 1UL : 0,
            _ => left != right ? 1UL : 0,
        });
        return true;
    }

    private void Jump(short distance, ulong start, ulong end)
    {
        ulong target = _cursor.Position + (ulong)distance;
        if (target < start || target > end || _cursor.Failed)
        {
            _isBad = true;
            return;
        }

        _cursor.Seek(target, end);
    }

    private void Pick(int index)
    {
        if (index >= _depth)
        {
            _isBad = true;
            return;
        }

        Push(_stack[_depth - 1 - index]);
    }

    private void Push(ulong value)
    {
        if (_depth == MaxDepth)
        {
            _isBad = true;
            return;
        }

        _stack[_depth++] = value;
    }

    private ulong Pop()
    {
        if (_depth == 0)
        {
            _isBad = true;
            return 0;
        }

        return _stack[--_depth];
    }
}
