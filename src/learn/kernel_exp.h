/*
 * Constants of e^x = 2^n * e^r with n whole and |r| <= ln 2 / 2: a polynomial of degree 6 for e^r, and n put into the
 * exponent. Adding and taking off ROUNDER rounds to a whole number.
 */
#ifndef LEARN_KERNEL_EXP_H
#define LEARN_KERNEL_EXP_H

#define EXP_LOWEST (-87.0F)
#define EXP_HIGHEST 88.0F
#define EXP_LOG2E 1.44269504088896341F
#define EXP_ROUNDER 12582912.0F /* 1.5 * 2^23 */
#define EXP_LN2_HIGH 0.693359375F
#define EXP_LN2_LOW (-2.12194440e-4F)
#define EXP_C6 1.3888889e-3F
#define EXP_C5 8.3333333e-3F
#define EXP_C4 4.1666667e-2F
#define EXP_C3 1.6666667e-1F

#endif
