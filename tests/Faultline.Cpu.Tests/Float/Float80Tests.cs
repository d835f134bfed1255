using Faultline.Cpu.Semantics.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Float;

/// <summary>
/// The 80-bit format against the host's x87: results, exception flags and, after an inexact result, C1; in all rounding modes and
/// precisions.
/// </summary>
public sealed class Float80Tests
{
    private const int Rounds = 60_000;

    private delegate Float80 Operation(Float80 a, Float80 b, ref FloatContext context);

    [NativeFact]
    public void Add() => Check(a => a.fadd(st0, st1), Float80.Add);

    [NativeFact]
    public void Sub() => Check(a => a.fsub(st0, st1), Float80.Sub);

    [NativeFact]
    public void Mul() => Check(a => a.fmul(st0, st1), Float80.Mul);

    [NativeFact]
    public void Div() => Check(a => a.fdiv(st0, st1), Float80.Div);

    [NativeFact]
    public void Sqrt() => Check(a => a.fsqrt(), (Float80 a, Float80 _, ref FloatContext c) => Float80.Sqrt(a, ref c));

    [NativeFact]
    public void RoundToIntegral() => Check(a => a.frndint(), (Float80 a, Float80 _, ref FloatContext c) => Float80.RoundToIntegral(a, ref c));

    [NativeFact]
    public void FromFloat32() => Check(
        a => { a.fstp(st0); a.fld(__dword_ptr[rdi]); },
        (Float80 a, Float80 _, ref FloatContext c) => Float80.FromFloat32((uint)a.Significand, ref c),
        loadFirst: false);

    [NativeFact]
    public void FromFloat64() => Check(
        a => { a.fstp(st0); a.fld(__qword_ptr[rdi]); },
        (Float80 a, Float80 _, ref FloatContext c) => Float80.FromFloat64(a.Significand, ref c),
        loadFirst: false);

    [NativeFact]
    public void FromInteger() => Check(
        a => { a.fstp(st0); a.fild(__qword_ptr[rdi]); },
        (Float80 a, Float80 _, ref FloatContext c) => Float80.FromInt64((long)a.Significand));

    [NativeFact]
    public void FromBcd()
    {
        using NativeCode code = NativeCode.X87(a =>
        {
            a.fbld(__tbyte_ptr[rdi]);
            a.fnstsw(__word_ptr[rdi + 72]);
            a.fstp(__tbyte_ptr[rdi + 48]);
        });
        Random random = new(10);
        for (int i = 0; i < 5000; i++)
        {
            NativeOperands values = new() { Control = 0x37F };
            for (int digit = 0; digit < 16; digit++)
                values.A |= (ulong)random.Next(10) << (digit * 4);
            values.A >>= random.Next(4) * 16;
            values.AHigh = (ushort)((random.Next(2) << 15) | (random.Next(10) << 4) | random.Next(10));
            Float80 result = Float80.FromBcd(values.A, values.AHigh);
            code.Run(ref values);
            Assert.Equal((values.Result, values.ResultHigh), (result.Significand, result.SignExponent));
        }
    }

    [NativeFact]
    public void Stores()
    {
        CheckStore(a => a.fstp(__dword_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80(Float80.ToFloat32(a, ref c), 0));
        CheckStore(a => a.fstp(__qword_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80(Float80.ToFloat64(a, ref c), 0));
        CheckStore(a => a.fistp(__word_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80((ushort)Float80.ToInt16(a, c.Rounding, ref c), 0));
        CheckStore(a => a.fistp(__dword_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80((uint)Float80.ToInt32(a, c.Rounding, ref c), 0));
        CheckStore(a => a.fistp(__qword_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80((ulong)Float80.ToInt64(a, c.Rounding, ref c), 0));
        CheckStore(a => a.fisttp(__qword_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80((ulong)Float80.ToInt64(a, RoundingMode.TowardZero, ref c), 0));
        CheckStore(a => a.fbstp(__tbyte_ptr[rdi + 48]), (Float80 a, Float80 _, ref FloatContext c) => new Float80(Float80.ToBcd(a, out ushort high, ref c), high));
    }

    [NativeFact]
    public void Compare()
    {
        Check(a => Condition(a, () => a.fcomp(st0, st1)), (Float80 a, Float80 b, ref FloatContext c) => Code(Float80.Compare(a, b, quiet: false, ref c)));
        Check(a => Condition(a, () => a.fucomp(st0, st1)), (Float80 a, Float80 b, ref FloatContext c) => Code(Float80.Compare(a, b, quiet: true, ref c)));
    }

    private static Float80 Code(FloatRelation relation) => Float80.FromInt64(relation switch
    {
        FloatRelation.Less => 0x0100,
        FloatRelation.Equal => 0x4000,
        FloatRelation.Greater => 0,
        _ => 0x4500,
    });

    private static void Condition(Assembler a, Action compare)
    {
        compare();
        a.fnstsw(ax);
        a.and(eax, 0x4500);
        a.mov(__qword_ptr[rdi + 48], rax);
        a.fild(__qword_ptr[rdi + 48]);
    }

    private static void Check(Action<Assembler> body, Operation operation, bool loadFirst = true)
    {
        using NativeCode code = loadFirst ? NativeCode.X87Binary(body) : NativeCode.X87(a =>
        {
            a.fldz();
            a.fldz();
            body(a);
            a.fnstsw(__word_ptr[rdi + 72]);
            a.fstp(__tbyte_ptr[rdi + 48]);
        });
        Run(code, operation);
    }

    private static void CheckStore(Action<Assembler> body, Operation operation)
    {
        using NativeCode code = NativeCode.X87(a =>
        {
            a.fld(__tbyte_ptr[rdi]);
            body(a);
            a.fnstsw(__word_ptr[rdi + 72]);
        });
        Run(code, operation);
    }

    private static void Run(NativeCode code, Operation operation)
    {
        Operands operands = new(80);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = operands.Next80(), b = operands.Next80();
            if (operands.Next(8) == 0)
                b = operands.Next(2) == 0 ? a : a.Negate();
            uint control = 0x7Fu | ((uint)operands.Next(4) << 10) | (operands.Next(4) switch { 0 => 0u, 1 => 0x200, _ => 0x300 });
            NativeOperands values = new()
            {
                A = a.Significand,
                AHigh = a.SignExponent,
                B = b.Significand,
                BHigh = b.SignExponent,
                Control = control,
            };
            FloatContext c = FloatContext.FromControlWord((ushort)control);
            Float80 result = operation(a, b, ref c);
            code.Run(ref values);
            bool c1 = (values.Status & 0x200) != 0;
            bool sameC1 = (c.Raised & FloatFlags.Precision) == 0 || c1 == c.RoundedUp;
            Assert.True(
                values.Result == result.Significand && values.ResultHigh == result.SignExponent && (values.Status & 0x3F) == c.Raised && sameC1,
                $"{a.SignExponent:X4}:{a.Significand:X16} {b.SignExponent:X4}:{b.Significand:X16} CW {control:X4}: host "
                + $"{values.ResultHigh:X4}:{values.Result:X16} {values.Status:X4}, Faultline {result.SignExponent:X4}:{result.Significand:X16} {c.Raised:X2} C1 {c.RoundedUp}");
        }
    }
}
