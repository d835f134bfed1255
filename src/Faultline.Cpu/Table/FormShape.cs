namespace Faultline.Cpu.Table;

/// <summary>
/// How a form's operands reach its body, which is also the body's signature. T is the operand width (byte, ushort, uint, ulong), V is Vector128&lt;byte&gt;,
/// and every body takes the CpuState* first.
/// </summary>
internal enum FormShape : byte
{
    /// <summary>There is no such instruction here: #UD.</summary>
    None,

    /// <summary>void (Operation*): the body reads and writes its operands itself. Anything rare.</summary>
    Whole,

    /// <summary>As Whole, and the block ends after it because RIP or the exit changed; the body sets RIP.</summary>
    WholeBranch,

    /// <summary>T (T a, T b): operand 0 = f(operand 0, operand 1).</summary>
    Rmw,

    /// <summary>void (T a, T b): reads both operands.</summary>
    Read,

    /// <summary>T (T a): operand 0 = f(operand 0).</summary>
    Modify,

    /// <summary>T (T a, byte count): operand 0 = f(operand 0, count).</summary>
    Shift,

    /// <summary>T (T a, T b, byte count): operand 0 = f(operand 0, operand 1, operand 2).</summary>
    DoubleShift,

    /// <summary>T (T a): operand 0 = f(operand 1), and operand 0 is not read.</summary>
    Compute,

    /// <summary>T (T a, T b): operand 0 = f(operand 1, operand 2), and operand 0 is not read.</summary>
    Compute2,

    /// <summary>No body: operand 0 = operand 1.</summary>
    Move,

    /// <summary>No body: zero-extends a narrower operand 1.</summary>
    MoveZeroExtend,

    /// <summary>No body: sign-extends a narrower operand 1.</summary>
    MoveSignExtend,

    /// <summary>No body: operand 0 = address of operand 1.</summary>
    Lea,

    /// <summary>No body: XCHG, atomic with memory.</summary>
    Exchange,

    /// <summary>T (T a, T b): XADD; the body adds and sets flags.</summary>
    ExchangeAdd,

    /// <summary>void (T a, T b): CMPXCHG; the body compares and sets flags.</summary>
    CompareExchange,

    /// <summary>bool (): operand 0 = condition ? operand 1 : operand 0.</summary>
    ConditionalMove,

    /// <summary>bool (): byte operand 0 = condition.</summary>
    SetCondition,

    /// <summary>bool (): jumps to the target when the condition holds.</summary>
    ConditionalJump,

    /// <summary>No body: JMP to a known target.</summary>
    Jump,

    /// <summary>No body: JMP through a register or memory.</summary>
    JumpIndirect,

    /// <summary>No body: CALL of a known target.</summary>
    Call,

    /// <summary>No body: CALL through a register or memory.</summary>
    CallIndirect,

    /// <summary>No body: RET, popping an immediate number of bytes more.</summary>
    Return,

    /// <summary>No body: PUSH of 8 or 2 bytes.</summary>
    Push,

    /// <summary>No body: POP of 8 or 2 bytes.</summary>
    Pop,

    /// <summary>No body: does nothing, and touches no memory.</summary>
    Nop,

    /// <summary>No body: SYSCALL.</summary>
    SystemCall,

    /// <summary>V (V a, V b): operand 0 = f(operand 0, operand 1).</summary>
    VectorRmw,

    /// <summary>V (V a, V b, byte imm): operand 0 = f(operand 0, operand 1, immediate).</summary>
    VectorRmwImmediate,

    /// <summary>V (V a): operand 0 = f(operand 1), and operand 0 is not read.</summary>
    VectorCompute,

    /// <summary>V (V a, byte imm): operand 0 = f(operand 1, immediate).</summary>
    VectorComputeImmediate,

    /// <summary>void (V a, V b): reads both operands.</summary>
    VectorRead,

    /// <summary>V (V a, T b): operand 0 = f(operand 0, operand 1), operand 1 a general register or memory of 4 or 8 bytes.</summary>
    VectorFromInteger,

    /// <summary>T (V a): operand 0, a general register of 4 or 8 bytes, = f(operand 1).</summary>
    VectorToInteger,

    /// <summary>V (V a, byte imm): operand 0 = f(operand 0, immediate).</summary>
    VectorModifyImmediate,

    /// <summary>V (V a, V b, V mask): operand 0 = f(operand 0, operand 1, XMM0).</summary>
    VectorRmwXmm0,

    /// <summary>No body: operand 0 = operand 1, all of it; one of them may be memory.</summary>
    VectorMove,

    /// <summary>No body: as VectorMove of the low width bytes; a load clears the rest of the register, a move between registers keeps it.</summary>
    VectorMoveMerge,

    /// <summary>No body: as VectorMove of the low width bytes; the rest of a destination register is cleared.</summary>
    VectorMoveZero,

    /// <summary>ulong (V a): operand 0, a general register or memory, = f(operand 1). A register takes all 64 bits, memory the low ones.</summary>
    VectorExtract,

    /// <summary>ulong (V a, byte imm): the same with an immediate.</summary>
    VectorExtractImmediate,

    /// <summary>V (V a, ulong b, byte imm): the same with an immediate.</summary>
    VectorInsertImmediate,

    // VEX encodings: the destination is not a source unless the shape says so, and its bits above the result are cleared. V is a vector of the row's
    // width, V128 and V256 are of those widths whatever the row's.

    /// <summary>V (V a): operand 0 = f(operand 1); operand 0 may be memory of 8 bytes (VMOVQ).</summary>
    VexUnary,

    /// <summary>V (V a, byte imm): the same with an immediate; operand 0 may be memory.</summary>
    VexUnaryImmediate,

    /// <summary>V (V a, V b): operand 0 = f(operand 1, operand 2).</summary>
    VexBinary,

    /// <summary>V (V a, V b, byte imm): the same with an immediate.</summary>
    VexBinaryImmediate,

    /// <summary>V (V a, V b, V c): operand 0 = f(operand 1, operand 2, operand 3), operand 3 a register.</summary>
    VexTernary,

    /// <summary>V (V a, V b, V c): operand 0 = f(operand 0, operand 1, operand 2).</summary>
    VexFma,

    /// <summary>void (V a, V b): reads operands 0 and 1.</summary>
    VexRead,

    /// <summary>V256 (V128 a): operand 0 = f(operand 1).</summary>
    VexWiden,

    /// <summary>V256 (V128 a, byte imm): the same with an immediate.</summary>
    VexWidenImmediate,

    /// <summary>V128 (V256 a): operand 0 = f(operand 1).</summary>
    VexNarrow,

    /// <summary>V128 (V256 a, byte imm): the same with an immediate; operand 0 may be memory.</summary>
    VexNarrowImmediate,

    /// <summary>V128 (V128 a): as VexUnary of 256 bits, the body applied to each half.</summary>
    VexHalvesUnary,

    /// <summary>V128 (V128 a, byte imm): the same with an immediate, which both halves get.</summary>
    VexHalvesUnaryImmediate,

    /// <summary>V128 (V128 a, V128 b): as VexBinary of 256 bits, the body applied to each half.</summary>
    VexHalvesBinary,

    /// <summary>V128 (V128 a, V128 b, byte imm): the same with an immediate, which both halves get.</summary>
    VexHalvesBinaryImmediate,

    /// <summary>No body: operand 0 = operand 1; one of them may be memory of the row's width.</summary>
    VexMove,

    /// <summary>No body: the same; memory must be aligned to the row's width.</summary>
    VexMoveAligned,

    /// <summary>V128 (V128 a, T b): operand 0 = f(operand 1, operand 2), operand 2 a general register or memory of 4 or 8 bytes; with two operands f(operand 0, operand 1).</summary>
    VexFromInteger,

    /// <summary>V128 (V128 a, ulong b, byte imm): operand 0 = f(operand 1, operand 2, immediate), operand 2 a general register or memory.</summary>
    VexInsertImmediate,

    /// <summary>ulong (V256 a): operand 0, a general register, = f(operand 1).</summary>
    VexExtract,
}
